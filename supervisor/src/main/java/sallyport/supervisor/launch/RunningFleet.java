package sallyport.supervisor.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.host.EngineHost;
import sallyport.engine.world.RealWorld;
import sallyport.supervisor.admin.ControlSocket;
import sallyport.supervisor.admin.ControlVerbs;
import sallyport.supervisor.budget.DiskWatch;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.MetricsSpec;
import sallyport.supervisor.fleet.Fleet;
import sallyport.supervisor.fleet.Renaming;
import sallyport.supervisor.launch.Signals.Request;
import sallyport.supervisor.metrics.MetricsEndpoint;

/// The engine between its start and its end, driven by signals on the main thread.
final class RunningFleet {
    // How soon the end of the last relay is noticed.
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    // How soon a batch of relays is seen to be healthy.
    private static final Duration TAKEOVER_INTERVAL = Duration.ofMillis(200);
    // Ours: "within seconds". Closing waits for no peer; whatever hangs longer is our own fault.
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final FleetSource source;
    private FleetSpec spec;
    private final Signals signals;
    private final StderrLog log;

    RunningFleet(FleetSource source, FleetSpec spec, Signals signals, StderrLog log) {
        this.source = source;
        this.spec = spec;
        this.signals = signals;
        this.log = log;
    }

    /// Returns the exit code when everything is closed.
    int run() throws InterruptedException {
        int loops = Runtime.getRuntime().availableProcessors();
        int relays = spec.relays().size();
        log.info(
                "",
                "sallyport " + Version.current() + " starts " + (relays == 1 ? "1 relay" : relays + " relays") + " of "
                        + source.name() + " in "
                        + (spec.network().testing() ? "a testing network" : "the public Tor network"));
        try (RealWorld world = new RealWorld(spec.dataDirectory(), loops, log)) {
            EngineHost host = new EngineHost(world, spec.network(), spec.process());
            Renaming renaming = new Renaming(world.clock());
            Fleet fleet = new Fleet(renaming.named(spec), new EngineRelays(host, world.clock()), log);
            Takeover takeover = new Takeover(source, fleet, renaming, signals, world::nanoTime, log);
            host.open();
            fleet.start();
            source.taken(log);
            EngineOperations operations =
                    new EngineOperations(host, takeover, new DiskWatch(spec.dataDirectory(), world::nanoTime), log);
            ControlSocket control = openControl(operations, world);
            MetricsEndpoint metrics = openMetrics(operations);
            try {
                return untilStopped(fleet, takeover, renaming, host, world::nanoTime);
            } finally {
                limitStopping();
                if (control != null) {
                    control.close();
                }
                if (metrics != null) {
                    metrics.close();
                }
                host.close();
            }
        } finally {
            log.info("", "stopped");
        }
    }

    /// Relays go on without it: null, and the log says why.
    private @Nullable ControlSocket openControl(EngineOperations operations, RealWorld world) {
        ControlVerbs.ProcessFacts facts = new ControlVerbs.ProcessFacts(
                Version.current(),
                ProcessHandle.current().pid(),
                source.file().toString(),
                spec.network().testing());
        ControlVerbs verbs = new ControlVerbs(facts, operations, world.clock(), world::nanoTime, log);
        try {
            return ControlSocket.open(spec.dataDirectory(), verbs, world::nanoTime, log);
        } catch (IOException e) {
            log.error("", "no control socket: " + Failure.text(e) + "; `sallyport status` and `relay` do not work");
            return null;
        }
    }

    /// Relays go on without it, too: null where none is wanted, or none can be; then the log says why.
    private @Nullable MetricsEndpoint openMetrics(EngineOperations operations) {
        MetricsSpec wanted = spec.run().metrics().orElse(null);
        if (wanted == null) {
            return null;
        }
        try {
            return MetricsEndpoint.open(wanted, Version.current(), operations);
        } catch (IOException e) {
            log.error("", "no metrics: " + Failure.text(e));
            return null;
        }
    }

    private int untilStopped(Fleet fleet, Takeover takeover, Renaming renaming, EngineHost host, LongSupplier nanos)
            throws InterruptedException {
        Heartbeat heartbeat = new Heartbeat(nanos.getAsLong());
        while (true) {
            Request request = signals.next(takeover.isUnderWay() ? TAKEOVER_INTERVAL : STATUS_INTERVAL);
            renaming.follow(spec, fleet);
            if (heartbeat.isDue(spec.run().heartbeatPeriod(), nanos.getAsLong())) {
                host.logCounts();
            }
            if (request == Request.STOP) {
                log.info("", "stopping");
                return ExitCode.OK;
            }
            if (request == Request.DRAIN) {
                return drain(fleet, nanos);
            }
            if (request == Request.RELOAD) {
                spec = takeover.begin(spec);
            } else if (request == Request.COUNTS) {
                host.logCounts();
            } else if (takeover.isUnderWay()) {
                takeover.step();
            } else if (fleet.hasFailed()) {
                log.error("", "no relay is left running, the reasons stand above");
                return ExitCode.ERROR;
            }
        }
    }

    /// Lets what is open go on until it has ended by itself, the wait is over, or somebody asks again.
    private int drain(Fleet fleet, LongSupplier nanos) throws InterruptedException {
        Duration wait = spec.run().shutdownWait();
        log.info("", "stopping once the circuits have ended, in " + wait.toSeconds() + " s at most");
        fleet.acceptNothingNew();
        long begin = nanos.getAsLong();
        while (!fleet.isIdle() && nanos.getAsLong() - begin < wait.toNanos()) {
            if (signals.next(STATUS_INTERVAL) == Request.STOP) {
                break;
            }
        }
        log.info("", "stopping");
        return ExitCode.OK;
    }

    private void limitStopping() {
        Thread.ofPlatform().daemon().name("stop limit").start(() -> {
            try {
                Thread.sleep(STOP_LIMIT);
            } catch (InterruptedException e) {
                return;
            }
            log.error("", "stopping took longer than " + STOP_LIMIT.toSeconds() + " s and is cut short");
            Runtime.getRuntime().halt(ExitCode.ERROR);
        });
    }
}
