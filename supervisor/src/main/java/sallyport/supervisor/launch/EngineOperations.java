package sallyport.supervisor.launch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.host.Refused;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.world.Log;
import sallyport.supervisor.admin.ApplyWish;
import sallyport.supervisor.admin.Operations;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.budget.DiskWatch;
import sallyport.supervisor.fleet.RolloutProgress;

/// The control socket's requests, done by the real engine.
record EngineOperations(EngineHost engine, Takeover takeover, DiskWatch watch, StderrLog log) implements Operations {
    @Override
    public HostReport host() {
        return engine.report();
    }

    @Override
    public DiskUse disk() {
        return watch.look();
    }

    @Override
    public List<LoopReport> loops() throws InterruptedException {
        return engine.loops();
    }

    @Override
    public List<InstanceReport> relays() throws InterruptedException {
        return engine.reports();
    }

    @Override
    public void logFrom(Log.Level level, Duration duration) {
        log.raise(level, duration);
    }

    @Override
    public void logFrom(String room, Log.Level level, Duration duration) {
        log.raise(room, level, duration);
    }

    @Override
    public long apply(ApplyWish wish) {
        return takeover.ask(wish);
    }

    @Override
    public Optional<RolloutProgress> applying() {
        return takeover.progress();
    }

    @Override
    public void start(String relay) throws Refused, InterruptedException {
        engine.start(relay);
    }

    @Override
    public void stop(String relay) throws Refused, InterruptedException {
        engine.stop(relay);
    }

    @Override
    public void drain(String relay, Duration limit) throws Refused, InterruptedException {
        engine.drain(relay, limit);
    }

    @Override
    public void restart(String relay, Duration limit) throws InterruptedException {
        engine.restart(relay, limit);
    }
}
