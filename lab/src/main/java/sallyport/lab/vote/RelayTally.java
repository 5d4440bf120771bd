package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Times;

/// Decides what a consensus says of a relay, and writes it (dir-spec 3.8.1).
final class RelayTally {
    // dir-spec 3.8.1: fewer measurements do not count.
    private static final int MEASUREMENTS_MIN = 3;
    private static final int UNMEASURED_MAX_KB = 20;
    // What stands in place of a time of publication where none is told.
    private static final String NO_TIME = "2038-01-01 00:00:00";

    private final Election election;
    private final Flavor flavor;
    private final BandwidthWeights weights;
    private final Map<String, Integer> flagVoters;
    private final Naming naming;
    private final boolean capsUnmeasured;
    private final long unmeasuredMaxKb;

    RelayTally(Election election, Flavor flavor, BandwidthWeights weights) {
        this.election = election;
        this.flavor = flavor;
        this.weights = weights;
        this.flagVoters = election.flagVoters();
        this.naming = new Naming(election.votes());
        this.capsUnmeasured = election.votes().stream()
                        .filter(vote -> vote.ballot().measuresBandwidth())
                        .count()
                >= MEASUREMENTS_MIN;
        // As C tor: a negative number is a very large one.
        this.unmeasuredMaxKb =
                Math.max(1, Integer.toUnsignedLong(election.parameter("maxunmeasuredbw", UNMEASURED_MAX_KB)));
    }

    /// Bandwidth as the consensus states it.
    private record Bandwidth(int kilobytes, boolean measured) {}

    /// Writes its entry, unless the authorities agree that it is not running or not valid. Its bandwidth
    /// counts even where the flavour leaves it out for want of a microdescriptor, as with C tor.
    void write(Collation.Relay relay, StringBuilder text) {
        List<VoteEntry> entries = relay.entries();
        entries.sort(VoteEntry.BY_DESCRIPTOR);
        VoteEntry best = mostListed(entries);
        String nickname = nickname(relay, best);
        List<String> flags = flags(relay, nickname, best.identity());
        if (!flags.contains("Running") || !flags.contains("Valid")) {
            return;
        }
        Bandwidth bandwidth = bandwidth(entries);
        Integer guardFraction = flags.contains("Guard") ? guardFraction(entries) : null;
        if (bandwidth != null) {
            boolean exit = flags.contains("Exit") && !flags.contains("BadExit");
            weights.add(bandwidth.kilobytes(), exit, flags.contains("Guard"), guardFraction);
        }
        List<VoteEntry> same = entries.stream()
                .filter(entry -> VoteEntry.BY_DESCRIPTOR.compare(entry, best) == 0)
                .toList();
        byte[] microdescriptor = microdescriptor(same);
        if (flavor == Flavor.MICRODESC && microdescriptor == null) {
            return;
        }
        text.append(firstLine(best, nickname));
        RelayAddress ipv6 = ipv6(same);
        if (ipv6 != null) {
            text.append("a ").append(ipv6).append('\n');
        }
        if (flavor == Flavor.MICRODESC) {
            text.append("m ")
                    .append(VoteEntry.base64(Objects.requireNonNull(microdescriptor)))
                    .append('\n');
        }
        text.append('s');
        flags.forEach(flag -> text.append(' ').append(flag));
        text.append('\n');
        String version = mostFrequent(entries, VoteEntry::version, TorVersion.TEXTS);
        if (version != null) {
            text.append("v ").append(version).append('\n');
        }
        text.append("pr ")
                .append(mostFrequent(entries, VoteEntry::protocols, Comparator.naturalOrder()))
                .append('\n');
        if (bandwidth != null) {
            text.append("w Bandwidth=")
                    .append(bandwidth.kilobytes())
                    .append(bandwidth.measured() ? "" : " Unmeasured=1");
            text.append(guardFraction == null ? "" : " GuardFraction=" + guardFraction)
                    .append('\n');
        }
        String policy = policy(entries, best);
        if (policy != null && flavor == Flavor.NS) {
            text.append("p ").append(policy).append('\n');
        }
    }

    /// The descriptor most votes list; of several the latest, then the one with the smallest digest.
    private static VoteEntry mostListed(List<VoteEntry> sorted) {
        VoteEntry best = sorted.getFirst();
        int bestCount = 0;
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || VoteEntry.BY_DESCRIPTOR.compare(sorted.get(from), sorted.get(i)) != 0) {
                int count = i - from;
                VoteEntry one = sorted.get(from);
                if (count > bestCount || (count == bestCount && one.published().isAfter(best.published()))) {
                    best = one;
                    bestCount = count;
                }
                from = i;
            }
        }
        return best;
    }

    /// The name of the chosen descriptor, unless authorities agree that it is named otherwise.
    private static String nickname(Collation.Relay relay, VoteEntry best) {
        List<String> names = relay.entries().stream()
                .filter(entry -> entry.flags().contains("Named"))
                .map(VoteEntry::nickname)
                .distinct()
                .toList();
        return names.size() == 1 ? names.getFirst() : best.nickname();
    }

    private List<String> flags(Collation.Relay relay, String nickname, byte[] identity) {
        Map<String, Integer> counts = new HashMap<>();
        relay.entries().forEach(entry -> entry.flags().forEach(flag -> counts.merge(flag, 1, Integer::sum)));
        List<String> flags = new ArrayList<>();
        for (String flag : election.flags()) {
            boolean chosen = switch (flag) {
                case "Named" -> naming.isNamed(nickname, identity);
                case "Unnamed" -> naming.isUnnamed(nickname, identity);
                case Election.NO_ED_CONSENSUS -> relay.edAgreeing() <= election.authorities() / 2;
                default -> counts.getOrDefault(flag, 0) > flagVoters.getOrDefault(flag, 0) / 2;
            };
            if (chosen) {
                flags.add(flag);
            }
        }
        if (flags.contains("MiddleOnly")) {
            flags.removeAll(List.of("Exit", "V2Dir", "Guard", "HSDir"));
            if (election.flags().contains("BadExit") && !flags.contains("BadExit")) {
                flags.add("BadExit");
                Collections.sort(flags);
            }
        }
        return flags;
    }

    private @Nullable Bandwidth bandwidth(List<VoteEntry> entries) {
        List<Long> measured = values(entries, VoteEntry::measuredKb);
        if (measured.size() >= MEASUREMENTS_MIN) {
            return new Bandwidth(Counting.median(measured).intValue(), true);
        }
        List<Long> claimed = values(entries, VoteEntry::bandwidthKb);
        if (claimed.isEmpty()) {
            return null;
        }
        long median = Counting.median(claimed);
        return new Bandwidth((int) (capsUnmeasured ? Math.min(median, unmeasuredMaxKb) : median), false);
    }

    private static @Nullable Integer guardFraction(List<VoteEntry> entries) {
        List<Integer> fractions = values(entries, VoteEntry::guardFraction);
        return fractions.size() < MEASUREMENTS_MIN ? null : Counting.median(fractions);
    }

    private byte @Nullable [] microdescriptor(List<VoteEntry> same) {
        List<byte[]> digests = values(same, entry -> entry.microdescriptor(election.method()));
        digests.sort(Arrays::compareUnsigned);
        return Counting.mostFrequent(digests, Arrays::compareUnsigned);
    }

    private static @Nullable RelayAddress ipv6(List<VoteEntry> same) {
        Comparator<RelayAddress> order = Comparator.comparing(RelayAddress::ip, Arrays::compareUnsigned)
                .thenComparing(RelayAddress::port, Comparator.reverseOrder());
        List<RelayAddress> addresses = values(same, VoteEntry::ipv6);
        addresses.sort(order);
        return Counting.mostFrequent(addresses, order);
    }

    /// That of the chosen descriptor; where nobody who lists that has one, the most frequent.
    private static @Nullable String policy(List<VoteEntry> entries, VoteEntry best) {
        List<VoteEntry> ofBest = entries.stream()
                .filter(entry -> Arrays.equals(entry.descriptorDigest(), best.descriptorDigest()))
                .toList();
        String policy = Counting.mostFrequentText(values(ofBest, VoteEntry::policy));
        return policy != null ? policy : Counting.mostFrequentText(values(entries, VoteEntry::policy));
    }

    private String firstLine(VoteEntry best, String nickname) {
        boolean timeless = flavor == Flavor.MICRODESC && election.method() >= ConsensusMethods.SUPPRESS_PUBLISHED;
        return "r " + nickname + " " + VoteEntry.base64(best.identity()) + " "
                + (flavor == Flavor.NS ? VoteEntry.base64(best.descriptorDigest()) + " " : "")
                + (timeless ? NO_TIME : Times.text(best.published())) + " "
                + best.ipv4().host() + " " + best.ipv4().port() + " " + best.dirPort() + "\n";
    }

    private static @Nullable String mostFrequent(
            List<VoteEntry> entries, Function<VoteEntry, @Nullable String> value, Comparator<String> order) {
        List<String> texts = values(entries, value);
        texts.sort(order);
        return Counting.mostFrequent(texts, Comparator.naturalOrder());
    }

    /// Those of the entries that have one, in a list to be changed.
    private static <T> List<T> values(List<VoteEntry> entries, Function<VoteEntry, @Nullable T> value) {
        List<@Nullable T> all = new ArrayList<>();
        for (VoteEntry entry : entries) {
            all.add(value.apply(entry));
        }
        return Counting.present(all);
    }
}
