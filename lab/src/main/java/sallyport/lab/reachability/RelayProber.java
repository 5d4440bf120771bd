package sallyport.lab.reachability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.world.World;

/// Probes the relays of one authority, as a control task of its own: [#run] until it is cancelled.
///
/// A relay's addresses are tried one after the other. Nothing of them is logged.
public final class RelayProber {
    // As C tor (REACHABILITY_TEST_INTERVAL).
    private static final Duration TICK = Duration.ofSeconds(10);
    // Ours: a descriptor that has just come is looked at within a second, an answer much sooner.
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_WHILE_BUSY = Duration.ofMillis(100);
    // Ours: as long as the engine waits for a connection, and as much for its handshake.
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(2);

    private final Door door;
    private final ProbedRelays relays;
    private final boolean ipv6;
    private final ProbeQueue queue;
    private final List<Probe> underWay = new ArrayList<>();
    private long tickedNanos;
    private boolean ticking;

    /// How a link is tried: [sallyport.engine.origin.LinkProbes#probe].
    @FunctionalInterface
    public interface Door {
        /// The Ed25519 identity that answers there; fails where none of that RSA identity does.
        CompletableFuture<byte[]> probe(RelayAddress address, byte[] rsaDigest);
    }

    /// One relay being probed: which of its addresses, since when, and what comes of it.
    private static final class Probe {
        final ProbeTarget target;
        int address = -1;
        long beganNanos;
        CompletableFuture<byte[]> answer = CompletableFuture.completedFuture(new byte[0]);

        Probe(ProbeTarget target) {
            this.target = target;
        }
    }

    /// @param ownFingerprint of the authority's relay
    /// @param ipv6 whether IPv6 addresses are tried (C tor's AuthDirHasIPv6Connectivity)
    public RelayProber(Door door, ProbedRelays relays, String ownFingerprint, boolean ipv6) {
        this.door = door;
        this.relays = relays;
        this.ipv6 = ipv6;
        this.queue = new ProbeQueue(ownFingerprint);
    }

    /// Probes until it is cancelled; who is under way then is forgotten.
    public void run(World world) throws InterruptedException {
        while (true) {
            world.tasks().sleep(step(world.nanoTime()));
        }
    }

    /// Does what is due.
    ///
    /// @return how long to wait before the next step
    Duration step(long nowNanos) {
        if (!ticking || nowNanos - tickedNanos >= TICK.toNanos()) {
            ticking = true;
            tickedNanos = nowNanos;
            queue.tick(relays.all());
        }
        for (String fingerprint : relays.untested()) {
            ProbeTarget target = relays.of(fingerprint);
            if (target != null) {
                queue.add(target);
            }
        }
        follow(nowNanos);
        for (ProbeTarget next = queue.next(); next != null; next = queue.next()) {
            Probe probe = new Probe(next);
            if (beginNext(probe, nowNanos)) {
                underWay.add(probe);
            } else {
                queue.ended(next.fingerprint());
            }
        }
        return queue.isBusy() ? LOOK_WHILE_BUSY : LOOK;
    }

    /// Hears of answers, and goes on with the next address of those relays.
    private void follow(long now) {
        Iterator<Probe> each = underWay.iterator();
        while (each.hasNext()) {
            Probe probe = each.next();
            boolean late = now - probe.beganNanos > PROBE_LIMIT.toNanos();
            if (!probe.answer.isDone() && !late) {
                continue;
            }
            if (probe.answer.isDone() && !probe.answer.isCompletedExceptionally()) {
                relays.reached(
                        probe.target.fingerprint(),
                        probe.answer.join(),
                        probe.target.addresses().get(probe.address));
            }
            if (!beginNext(probe, now)) {
                each.remove();
                queue.ended(probe.target.fingerprint());
            }
        }
    }

    /// False where it has no further address.
    private boolean beginNext(Probe probe, long now) {
        @Nullable RelayAddress at = null;
        while (at == null && ++probe.address < probe.target.addresses().size()) {
            RelayAddress candidate = probe.target.addresses().get(probe.address);
            at = candidate.isIpv6() && !ipv6 ? null : candidate;
        }
        if (at == null) {
            return false;
        }
        probe.beganNanos = now;
        probe.answer = door.probe(at, probe.target.rsaDigest());
        return true;
    }
}
