package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Accounting;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.BugBurst;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.dircache.OwnDocuments;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.origin.Hop;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// One relay of ours. Started, changed and stopped by control tasks; what it wires lives on its loop.
public final class RelayInstance {
    // Ours: cancelled tasks end at their next wait; uploads take a moment longer.
    private static final Duration TASK_END_LIMIT = Duration.ofSeconds(10);

    private final Surroundings around;
    private final World world;
    private final EventLoop loop;
    private final FaultCounters faults = new FaultCounters();
    private final RelayStatistics statistics;
    private final InstanceLimits limits;
    private final Reachability reachability;
    private final OwnFamily family;
    private final Life life;
    private final OnLoop onLoop;
    private final Opening opening;
    private final BugBurst bugs = new BugBurst();
    private final List<Tasks.Task> tasks = new ArrayList<>();

    private volatile InstanceSpec spec;
    private volatile ExitSettings exit;
    private volatile String fingerprint = "";
    private volatile @Nullable Running running;

    public RelayInstance(InstanceSpec spec, Surroundings around) {
        this.spec = spec;
        this.around = around;
        this.world = around.world();
        this.loop = around.loop();
        this.exit = exitOf(spec);
        this.statistics = new RelayStatistics(
                world,
                around.testing() ? new BandwidthHistory(0) : new BandwidthHistory(),
                spec.statistics().period());
        this.limits = around.limits().open(spec.id(), loop, faults);
        this.reachability = new Reachability(around.testing());
        this.family = new OwnFamily(spec.id(), world, keyDirectory(spec), around.families());
        this.life = new Life(world, spec.id());
        this.onLoop = new OnLoop(world, loop, spec.id());
        this.opening = new Opening(world, onLoop, life, this::spec, () -> running);
        faults.whenOwnBug(this::onOwnBug);
    }

    public InstanceSpec spec() {
        return spec;
    }

    /// Reads or makes the keys, opens the ORPort and starts what keeps the relay listed. Returns when it
    /// listens; a failure, a bug included, becomes the state [InstanceState.Failed] and one line in the
    /// log, and leaves nothing open.
    public void start() throws InterruptedException {
        try {
            RelayKeys keys = RelayKeys.open(
                    world.storage(),
                    keyDirectory(spec),
                    world.entropy(),
                    world.clock(),
                    () -> around.rules().get().keys());
            fingerprint = keys.identity().fingerprint();
            keys.writeFingerprints(spec.nickname());
            family.follow(spec.family(), keys.identity().fingerprint());
            Running wired = Running.wire(
                    new Running.Beginnings(around, faults, statistics, limits, reachability),
                    keys,
                    new Publication.Now(this::spec, this::exit, life::hibernates, family),
                    this::ownDocuments);
            Accounting.State first = wired.hibernation().restore(spec.accounting(), ownBytesPerSecond(spec));
            followRates(spec);
            running = wired;
            lookAtConsensus();
            if (opening.isShut()) {
                return;
            }
            opening.follow(wired, first, wired.hibernation().sleepsUntil());
            startTasks(wired);
        } catch (KeyFileException | IOException | RuntimeException e) {
            end(new InstanceState.Failed("cannot start: " + StartFault.text(e)));
        }
    }

    private static String keyDirectory(InstanceSpec spec) {
        return "relays/" + spec.id() + "/keys";
    }

    private @Nullable OwnDocuments ownDocuments() {
        Running now = running;
        return now == null ? null : now.publication().documents();
    }

    private void startTasks(Running wired) {
        SelfTesting selfTesting = new SelfTesting(
                around,
                wired.plane().links(),
                reachability,
                statistics.bandwidth()::observedBytesPerSecond,
                () -> ourselves(wired.keys()),
                () -> !life.hibernates());
        wired.publisher().whenAccepted(() -> life.become(new InstanceState.Published()));
        wired.publisher()
                .whenElsewhere(
                        new OwnKeysElsewhere(world, loop, wired.plane().links()),
                        new Insistence(world.log(), this::spec, this::endLater)::publishesAnyway);
        tasks.add(wired.publisher().start());
        start("self-test", () -> selfTesting.run(this::onSelfTest));
        start(
                "keys",
                new KeyRenewal(world, spec.id(), wired.keys(), around.directory()::parameters, wired.publisher())::run);
        start("history", wired.history()::run);
        followStatistics(spec.statistics());
        start("statistics", wired.statistics()::run);
        start("accounting", () -> wired.hibernation().run((next, until) -> becomeOrFail(wired, next, until)));
    }

    /// The directory holds a consensus that may be new. Blocks on the disk, rarely.
    public void lookAtConsensus() {
        Running now = running;
        if (now != null) {
            around.directory().consensus().ifPresent(now.listing()::look);
        }
    }

    private void start(String name, Tasks.Body body) {
        tasks.add(world.tasks().start(name + " of " + spec.id(), body));
    }

    private void followStatistics(StatisticsSpec wanted) {
        limits.overload().tell(wanted.overload());
        loop.execute(() -> statistics.follow(wanted.kinds(), wanted.told()));
    }

    private void onSelfTest() {
        life.become(new InstanceState.SelfTesting());
    }

    private Hop ourselves(RelayKeys keys) {
        RelayIdentity identity = keys.identity();
        return new Hop(
                spec.orAddresses(),
                identity.rsaDigest(),
                identity.ed25519(),
                keys.onionKeys().current().publicKey());
    }

    /// What streams obey: without name servers that can be believed nothing is let out, as in C tor.
    private ExitSettings exit() {
        ExitSettings configured = exit;
        return around.nameServers().trust().isUseless() ? configured.refusingAll() : configured;
    }

    /// Whether streams may leave through this relay at all.
    public boolean letsOut() {
        return !life.state().isOver() && !exit.policy().rejectsAll();
    }

    /// The name servers turned out to be useless: tells the authorities.
    public void stopExiting() {
        Running now = running;
        if (now != null && letsOut()) {
            now.publisher().changed("DNS hijacking confirmed");
        }
    }

    /// Makes what can change at once follow `next`: policy, outbound exit addresses, nickname, contact,
    /// family, bandwidth, address and ORPort. A new address is listened on before the old one is given
    /// up; where that fails, or a family key is missing, the old value stays and the log says why.
    /// Blocks: control tasks only.
    public void apply(InstanceSpec next) throws InterruptedException {
        Running now = running;
        InstanceSpec before = spec;
        if (now == null) {
            exit = exitOf(next);
            spec = next;
            return;
        }
        boolean deaf = life.hibernates() || life.state() instanceof InstanceState.Draining;
        InstanceSpec possible = now.reconfiguration().possible(next, before, deaf);
        exit = exitOf(possible);
        spec = possible;
        if (possible.exit().cutsStreams() && !possible.exit().equals(before.exit())) {
            ExitPolicy policy = exit.policy();
            loop.execute(() -> now.plane().circuits().endStreamsThatMayNotLeave(policy));
        }
        followRates(possible);
        now.hibernation().follow(possible.accounting(), ownBytesPerSecond(possible));
        if (!possible.listening().equals(before.listening())) {
            loop.execute(() -> now.plane().links().listenOnlyOn(possible.listening()));
        }
        if (!possible.orAddresses().equals(before.orAddresses())) {
            loop.execute(() -> now.plane().links().moveTo(possible.orAddresses()));
            reachability.forget();
            now.publisher().moved();
        }
        followStatistics(possible.statistics());
        now.publication().follow(before.publishing(), possible.publishing());
        now.publisher().changed("configuration changed");
    }

    private ExitSettings exitOf(InstanceSpec wanted) {
        around.addresses().set(wanted.id(), wanted.addresses());
        return ExitSettingsMaker.of(
                wanted, around.addresses(), () -> world.network().interfaceAddresses());
    }

    /// The host may have other addresses than before. Blocks: control tasks only.
    public void followInterfaces() {
        Running now = running;
        if (now == null || !spec.exit().rejectsLocalInterfaces()) {
            return;
        }
        List<String> before = exit.policy().fullLines();
        exit = exitOf(spec);
        if (!exit.policy().fullLines().equals(before)) {
            world.log().info(spec.id(), "the host has other addresses now, and the exit policy follows them");
            now.publisher().changed("configuration changed");
        }
    }

    /// What all relays may carry together has changed, and with it what this one promises.
    public void bandwidthChanged() {
        Running now = running;
        if (now != null) {
            now.publisher().changed("bandwidth has changed");
        }
    }

    /// What a relay may be expected to use of its quota at most.
    private static long ownBytesPerSecond(InstanceSpec spec) {
        return spec.bandwidth().all().atMost(spec.bandwidth().relayed()).bytesPerSecond();
    }

    private void becomeOrFail(Running now, Accounting.State next, Instant until) throws InterruptedException {
        try {
            opening.follow(now, next, until);
        } catch (IOException e) {
            endLater(new InstanceState.Failed("it should go on working, and " + e.getMessage()));
        }
    }

    private void followRates(InstanceSpec now) {
        loop.execute(() -> limits.bandwidth().follow(now.bandwidth()));
    }

    /// Reads the key files again, as SIGHUP asks for; a signing key that was put there is used from now
    /// on. Says so in the log, and what cannot be used.
    public void reloadKeys() {
        Running now = running;
        if (now != null) {
            now.reconfiguration().readKeys(spec, now.publisher());
        }
    }

    /// A way to directory servers over this relay's links; null while it does not listen. From any thread.
    public @Nullable DirectoryTunnel tunnel() {
        Running now = running;
        InstanceState state = life.state();
        boolean silent = state instanceof InstanceState.Starting
                || (state instanceof InstanceState.Hibernating hibernating && hibernating.dormant());
        return now == null || silent ? null : now.tunnel();
    }

    public InstanceStatus status() {
        Running now = running;
        Life.Since since = life.now();
        return new InstanceStatus(
                spec.id(),
                spec.nickname(),
                fingerprint,
                since.state(),
                since.begin(),
                now == null ? 0 : now.plane().circuits().open(),
                faults.snapshot());
    }

    /// What the relay is, carries and counts. From any thread; the answer comes at once, or within
    /// `limit`, where the loop has to say something.
    public CompletableFuture<InstanceReport> report(Duration limit) {
        Running now = running;
        InstanceReport report = Reporting.withoutLoad(
                around,
                spec,
                status(),
                life.begin(),
                faults,
                limits.overload().seen().general(),
                now);
        return now == null
                ? CompletableFuture.completedFuture(report)
                : Reporting.withLoad(report, loop, now.plane(), statistics.bandwidth(), limit);
    }

    /// Logs what the relay holds and what its peers did wrong so far, sums only. From any thread.
    public void logCounts() {
        Running now = running;
        if (now == null) {
            return;
        }
        loop.execute(() -> {
            Counts counts = now.plane().counts();
            world.log().info(spec.id(), counts.toString());
            world.log().info(spec.id(), counts.served());
        });
        world.log().info(spec.id(), "peers' faults: " + faults.snapshot());
    }

    /// Accepts neither links nor circuits nor streams any more, until it is stopped; what is open goes
    /// on. A relay that still starts, or wakes up, does not listen.
    public void acceptNothingNew() {
        opening.shut();
    }

    /// Accepts nothing new from now on; what is open goes on. Whoever asks for it stops the relay at
    /// `until`. Returns when its ports are closed: somebody else may listen there.
    ///
    /// @return whether it drains; not where it has not begun to work, or has ended
    public boolean drain(Instant until) throws InterruptedException {
        return opening.drain(until);
    }

    /// Goes on as if it had not drained. A failure to listen again ends it.
    public void resume() throws InterruptedException {
        try {
            opening.resume();
        } catch (IOException e) {
            end(new InstanceState.Failed("cannot go on: " + e.getMessage()));
        }
    }

    /// Ends every stream, circuit and link with the reason Tor has for it, and stops listening. Returns
    /// when that is done.
    public void stop() throws InterruptedException {
        end(new InstanceState.Stopped());
    }

    /// Not at once: the task that finds that it must end is one of those that end.
    private void endLater(InstanceState over) {
        world.tasks().start("end of " + spec.id(), () -> end(over));
    }

    /// Runs on: the instance's loop.
    private void onOwnBug() {
        if (!bugs.note(world.nanoTime())) {
            return;
        }
        String why = "more than " + BugBurst.BUGS_MAX + " bugs of ours within " + BugBurst.WITHIN.toSeconds()
                + " s, the first of each kind stands above";
        endLater(new InstanceState.Quarantined(why));
    }

    /// Closes all that is open. Whoever comes second waits for the first, and finds nothing left to close.
    private synchronized void end(InstanceState over) throws InterruptedException {
        if (life.state().isOver()) {
            return;
        }
        tasks.forEach(Tasks.Task::cancel);
        family.leave();
        around.addresses().forget(spec.id());
        Running now = running;
        if (now != null) {
            running = null;
            onLoop.run(now.plane()::closeAll, "did not close it in time");
            now.history().save();
            now.hibernation().save();
        }
        loop.execute(limits::retire);
        for (Tasks.Task task : tasks) {
            if (!task.join(TASK_END_LIMIT)) {
                world.log().error(spec.id(), "one of its tasks did not end in time");
            }
        }
        tasks.clear();
        life.become(over);
    }
}
