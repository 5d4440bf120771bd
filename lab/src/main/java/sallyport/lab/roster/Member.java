package sallyport.lab.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.ProtocolVersions;

/// One relay of the roster: what it says, and what is known of it besides.
final class Member {
    /// As C tor (REACHABLE_TIMEOUT): seen so long ago, it is down.
    private static final Duration REACHABLE = Duration.ofMinutes(45);
    // As C tor (REACHABILITY_TEST_CYCLE_PERIOD): after so long it should have been seen again.
    private static final Duration TEST_CYCLE = Duration.ofSeconds(1_280);
    // As C tor (HIBERNATION_PUBLICATION_SKEW): seen so long after it said that it sleeps, it is awake again.
    private static final Duration AWAKE_AFTER = Duration.ofHours(1);

    private final String fingerprint;
    private HeldDescriptor descriptor;
    private Set<Standing> standing;
    private Instant lastReached = Instant.EPOCH;
    private Instant lastReachedIpv6 = Instant.EPOCH;
    private boolean running;

    Member(HeldDescriptor descriptor, Set<Standing> standing) {
        this.fingerprint = descriptor.fingerprint();
        this.descriptor = descriptor;
        this.standing = standing;
    }

    /// 40 upper-case hex digits.
    String fingerprint() {
        return fingerprint;
    }

    HeldDescriptor descriptor() {
        return descriptor;
    }

    boolean is(Standing which) {
        return standing.contains(which);
    }

    /// As it was last assessed.
    boolean isRunning() {
        return running;
    }

    RelayAddress ipv4() {
        return descriptor.relay().verified().orAddresses().getFirst();
    }

    @Nullable
    RelayAddress ipv6() {
        var all = descriptor.relay().verified().orAddresses();
        return all.size() > 1 ? all.get(1) : null;
    }

    void replace(HeldDescriptor newer, Set<Standing> newStanding) {
        if (!newer.sameOrAddresses(descriptor)) {
            lastReached = Instant.EPOCH;
            lastReachedIpv6 = Instant.EPOCH;
        }
        descriptor = newer;
        standing = newStanding;
    }

    /// Whether to try it again at once when it says this.
    boolean needsTest(HeldDescriptor newer) {
        return !newer.sameOrAddresses(descriptor) || (descriptor.hibernating() && !newer.hibernating());
    }

    /// Whether a link's identity is its own; who does not know that handshake need not prove any.
    boolean provedItself(byte @Nullable [] ed25519) {
        boolean proves = new ProtocolVersions(descriptor.relay().protocols()).includes("LinkAuth", 3);
        return !proves || Arrays.equals(ed25519, descriptor.relay().verified().ed25519());
    }

    /// Whether it is at that address.
    boolean reached(RelayAddress at, Instant now) {
        if (!descriptor.relay().verified().orAddresses().contains(at)) {
            return false;
        }
        if (at.isIpv6()) {
            lastReachedIpv6 = now;
        } else {
            lastReached = now;
        }
        return true;
    }

    /// Decides whether it runs (dir-spec 3.4.2, "Running").
    ///
    /// @param ourselves a relay that votes is awake
    void assess(RosterSettings settings, boolean ourselves, Instant now) {
        if (ourselves) {
            running = true;
        } else if (descriptor.hibernating()
                && descriptor.published().plus(AWAKE_AFTER).isAfter(lastReached)) {
            running = false;
        } else {
            running = !settings.testReachability()
                    || (now.isBefore(lastReached.plus(REACHABLE))
                            && (!settings.ipv6() || ipv6() == null || now.isBefore(lastReachedIpv6.plus(REACHABLE))));
        }
    }

    /// Since when it is down, where it is.
    Instant downSince(Instant now) {
        Instant due = lastReached.plus(TEST_CYCLE);
        return !lastReached.equals(Instant.EPOCH) && due.isBefore(now) ? due : now;
    }

    /// Whether its IPv6 address is listed.
    boolean listsIpv6(RosterSettings settings, boolean ourselves, Instant now) {
        return settings.ipv6() && ipv6() != null && (ourselves || !lastReachedIpv6.isBefore(now.minus(REACHABLE)));
    }
}
