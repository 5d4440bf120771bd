package sallyport.lab.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sallyport.engine.address.RelayAddress;
import sallyport.lab.vote.RelayDescriptor;
import sallyport.lab.vote.RelayHistory;
import sallyport.lab.vote.VoteEntry;

/// What one authority thinks of all its relays at one moment (dir-spec 3.4.2, C tor's voteflags.c). Relays
/// have been assessed as running or not before.
final class Judgement {
    // As C tor (DESC_IS_STALE_INTERVAL).
    private static final Duration STALE_AFTER = Duration.ofHours(18);
    // As C tor: who offers less, in kB/s, does not count for thresholds.
    private static final int COUNTING_KB_MIN = 4;
    // As C tor: nobody is believed to carry more, in bytes per second.
    private static final long BELIEVABLE_BANDWIDTH = 10_000_000;
    private static final int BYTES_PER_KB = 1_000;
    private static final long MILLION = 1_000_000;
    // As C tor: an authority that has not run so much longer believes relays' own word for their uptime.
    private static final double UPTIME_SLACK = 1.1;

    private final RosterSettings settings;
    private final RosterSettings.Flags flags;
    private final StabilityHistory history;
    private final Circumstances circumstances;
    private final Instant now;
    private final boolean ignoringAdvertised;
    // By fingerprint.
    private final Map<String, Member> members = new TreeMap<>();
    private final Set<String> sybils;
    private final Thresholds thresholds;

    /// Of the authority rather than of its relays.
    ///
    /// @param authorities fingerprints of the relays that authorities are as well
    /// @param measuredKb what bandwidth authorities found, by fingerprint
    /// @param parameters of the last consensus
    /// @param running for how long
    record Circumstances(
            String ownFingerprint,
            Set<String> authorities,
            Map<String, Long> measuredKb,
            Map<String, Integer> parameters,
            Duration running) {}

    Judgement(
            RosterSettings settings,
            Collection<Member> all,
            StabilityHistory history,
            Circumstances circumstances,
            Instant now) {
        this.settings = settings;
        this.flags = settings.flags();
        this.history = history;
        this.circumstances = circumstances;
        this.now = now;
        uniqueByEd25519(all).forEach(member -> members.put(member.fingerprint(), member));
        long measured = members.keySet().stream()
                .filter(circumstances.measuredKb()::containsKey)
                .count();
        this.ignoringAdvertised = measured > flags.measuredNeeded();
        this.sybils =
                Sybils.find(members.values(), settings.serversPerAddress(), this::isAuthority, this::usefulnessKb);
        sybils.forEach(sybil -> history.pessimal(sybil, now));
        this.thresholds = thresholds();
    }

    Opinion opinion() {
        boolean votesRunning = circumstances.running().compareTo(settings.learnReachability()) > 0;
        List<VoteEntry> entries = new ArrayList<>();
        for (Member member : members.values()) {
            HeldDescriptor descriptor = member.descriptor();
            if (!descriptor.published().isBefore(now.minus(Admission.AGE_MAX))) {
                Set<String> given = flags(member);
                if (!votesRunning) {
                    given.remove("Running");
                }
                boolean listsIpv6 = member.listsIpv6(settings, isOurselves(member), now);
                Long measured = circumstances.measuredKb().get(member.fingerprint());
                entries.add(descriptor.relay().entry(given, listsIpv6, measured, remembered(member)));
            }
        }
        TreeSet<String> known = new TreeSet<>(List.of(
                "Authority", "Exit", "Fast", "Guard", "HSDir", "Stable", "StaleDesc", "Sybil", "V2Dir", "Valid"));
        addIf(known, "Running", votesRunning);
        addIf(known, "BadExit", flags.listBadExits());
        addIf(known, "MiddleOnly", flags.listMiddleOnly());
        return new Opinion(List.copyOf(known), thresholds.line(ignoringAdvertised), entries);
    }

    Set<String> flags(Member member) {
        HeldDescriptor descriptor = member.descriptor();
        boolean middleOnly = flags.listMiddleOnly() && member.is(Standing.MIDDLEONLY);
        boolean sybil = sybils.contains(member.fingerprint());
        Set<String> given = new TreeSet<>();
        addIf(given, "BadExit", flags.listBadExits() && (member.is(Standing.BADEXIT) || middleOnly));
        addIf(given, "MiddleOnly", middleOnly);
        addIf(given, "StaleDesc", descriptor.published().plus(STALE_AFTER).isBefore(now));
        if (sybil) {
            // Nothing that would have it used; what warns of it stays.
            given.add("Sybil");
            return given;
        }
        boolean stable = isStable(member);
        boolean fast = credibleKb(descriptor) >= thresholds.fastKb();
        addIf(given, "Authority", isAuthority(member));
        addIf(given, "Running", member.isRunning());
        addIf(given, "Valid", !member.is(Standing.INVALID));
        addIf(given, "Stable", stable);
        addIf(given, "Fast", fast);
        addIf(given, "V2Dir", descriptor.servesDirectory() && !middleOnly && !member.is(Standing.STRIPV2DIR));
        boolean guard = stable && fast && isGuard(member) && !middleOnly && !member.is(Standing.STRIPGUARD);
        boolean hsDir = stable && fast && isHsDir(member) && !middleOnly && !member.is(Standing.STRIPHSDIR);
        addIf(given, "Exit", byName(settings.given().exit(), member, isExit(descriptor) && !middleOnly));
        addIf(given, "Guard", byName(settings.given().guard(), member, guard));
        addIf(given, "HSDir", byName(settings.given().hsDir(), member, hsDir));
        return given;
    }

    private RelayHistory remembered(Member member) {
        RelayTrack track = history.of(member.fingerprint());
        long seconds = now.getEpochSecond();
        return new RelayHistory(
                (long) Math.rint(track.fractionalUptime(seconds) * MILLION), track.timeKnown(seconds), (long)
                        Math.rint(track.mtbf(seconds)));
    }

    private Thresholds thresholds() {
        long minKb = settings.testingNetwork() ? flags.minExit() / BYTES_PER_KB : COUNTING_KB_MIN;
        List<Thresholds.Sample> samples = new ArrayList<>();
        for (Member member : members.values()) {
            HeldDescriptor descriptor = member.descriptor();
            long kb = credibleKb(descriptor);
            boolean measured = circumstances.measuredKb().containsKey(member.fingerprint());
            if (isActive(member)
                    && !sybils.contains(member.fingerprint())
                    && kb >= minKb
                    && (measured || !ignoringAdvertised)) {
                RelayTrack track = history.of(member.fingerprint());
                long seconds = now.getEpochSecond();
                samples.add(new Thresholds.Sample(
                        uptime(descriptor),
                        track.mtbf(seconds),
                        track.timeKnown(seconds),
                        track.fractionalUptime(seconds),
                        kb,
                        isExit(descriptor) && !member.is(Standing.BADEXIT)));
            }
        }
        long minFast = Math.max(COUNTING_KB_MIN, parameter("FastFlagMinThreshold", COUNTING_KB_MIN));
        minFast = settings.testingNetwork() ? flags.minFast() : minFast;
        long maxFast = Math.max(minFast, parameter("FastFlagMaxThreshold", Integer.MAX_VALUE));
        return Thresholds.of(samples, flags, minFast, maxFast, history.hasSeenEnough(now));
    }

    private boolean isActive(Member member) {
        return !member.descriptor().published().isBefore(now.minus(Admission.AGE_MAX))
                && member.isRunning()
                && !member.is(Standing.INVALID)
                && !member.descriptor().hibernating();
    }

    private boolean isStable(Member member) {
        if (!thresholds.enoughMtbf()) {
            long uptime = uptime(member.descriptor());
            return uptime >= thresholds.stableUptime()
                    || uptime >= flags.stableUptime().toSeconds();
        }
        double mtbf = history.of(member.fingerprint()).mtbf(now.getEpochSecond());
        return mtbf >= thresholds.stableMtbf() || mtbf >= flags.stableMtbf().toSeconds();
    }

    private boolean isGuard(Member member) {
        long kb = credibleKb(member.descriptor());
        long guarantee = flags.guardBandwidthGuarantee();
        RelayTrack track = history.of(member.fingerprint());
        long seconds = now.getEpochSecond();
        return member.descriptor().servesDirectory()
                && ((guarantee > 0 && kb >= guarantee / BYTES_PER_KB)
                        || kb >= Math.min(thresholds.guardKbWithExits(), thresholds.guardKbWithoutExits()))
                && track.fractionalUptime(seconds) >= thresholds.guardWfu()
                && track.timeKnown(seconds) >= thresholds.guardTimeKnown();
    }

    private boolean isHsDir(Member member) {
        HeldDescriptor descriptor = member.descriptor();
        long needed = flags.hsDirUptime().toSeconds();
        long uptime = uptime(descriptor);
        if (circumstances.running().toSeconds() > needed * UPTIME_SLACK) {
            uptime = Math.min(uptime, history.of(member.fingerprint()).uptime(now.getEpochSecond()));
        }
        return descriptor.wantsHsDir() && descriptor.servesDirectory() && uptime >= needed && isActive(member);
    }

    private boolean isExit(HeldDescriptor descriptor) {
        return descriptor
                .relay()
                .policy()
                .deservesExitFlag(settings.admittance().privateAddresses());
    }

    private boolean isAuthority(Member member) {
        return circumstances.authorities().contains(member.fingerprint());
    }

    private boolean isOurselves(Member member) {
        return member.fingerprint().equals(circumstances.ownFingerprint());
    }

    /// By its own word, until now.
    private long uptime(HeldDescriptor descriptor) {
        long since = Math.max(0, Duration.between(descriptor.published(), now).toSeconds());
        return descriptor.uptimeSeconds() + since;
    }

    private long credibleKb(HeldDescriptor descriptor) {
        Long measured = circumstances.measuredKb().get(descriptor.fingerprint());
        if (measured != null) {
            return measured;
        }
        long advertised = Math.min(descriptor.relay().bandwidth(), BELIEVABLE_BANDWIDTH);
        return ignoringAdvertised ? 0 : advertised / BYTES_PER_KB;
    }

    private long usefulnessKb(Member member) {
        Long measured = circumstances.measuredKb().get(member.fingerprint());
        return measured != null ? measured : member.descriptor().relay().bandwidth() / BYTES_PER_KB;
    }

    private boolean byName(RosterSettings.ByName given, Member member, boolean otherwise) {
        RelayDescriptor relay = member.descriptor().relay();
        RelayAddress address = member.ipv4();
        return given.to().contains(member.fingerprint(), relay.verified().nickname(), address)
                || (otherwise && !given.strict());
    }

    private int parameter(String name, int otherwise) {
        return circumstances.parameters().getOrDefault(name, otherwise);
    }

    /// Of several relays with one Ed25519 identity the newest, and of equally new ones that with the lower
    /// digest, as C tor.
    private static Collection<Member> uniqueByEd25519(Collection<Member> all) {
        Map<String, Member> byKey = new TreeMap<>();
        for (Member member : all) {
            String key = Base64.getEncoder()
                    .encodeToString(member.descriptor().relay().verified().ed25519());
            Member known = byKey.get(key);
            if (known == null || isBetter(member.descriptor(), known.descriptor())) {
                byKey.put(key, member);
            }
        }
        return byKey.values();
    }

    private static boolean isBetter(HeldDescriptor descriptor, HeldDescriptor than) {
        int order = descriptor.published().compareTo(than.published());
        return order > 0 || (order == 0 && descriptor.digest().compareTo(than.digest()) < 0);
    }

    private static void addIf(Set<String> set, String flag, boolean given) {
        if (given) {
            set.add(flag);
        }
    }
}
