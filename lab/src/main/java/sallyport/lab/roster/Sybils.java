package sallyport.lab.roster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// Who is one too many at an address, of either family (C tor's get_all_possible_sybil): the most useful
/// relays stay, which are authorities, then those that run, then the fastest.
final class Sybils {
    private Sybils() {}

    /// Fingerprints.
    ///
    /// @param perAddress 0 for no limit
    static Set<String> find(
            Collection<Member> members,
            int perAddress,
            Predicate<Member> isAuthority,
            ToLongFunction<Member> bandwidthKb) {
        Set<String> sybils = new HashSet<>();
        if (perAddress == 0) {
            return sybils;
        }
        Comparator<Member> mostUseful = Comparator.comparing((Member member) -> !isAuthority.test(member))
                .thenComparing(member -> !member.isRunning())
                .thenComparing(Comparator.comparingLong(bandwidthKb).reversed())
                .thenComparing(Member::fingerprint);
        List<Function<Member, @Nullable RelayAddress>> families = List.of(Member::ipv4, Member::ipv6);
        for (Function<Member, @Nullable RelayAddress> family : families) {
            Map<String, List<Member>> byHost = new HashMap<>();
            for (Member member : members) {
                RelayAddress address = family.apply(member);
                if (address != null) {
                    byHost.computeIfAbsent(address.host(), _ -> new ArrayList<>())
                            .add(member);
                }
            }
            for (List<Member> together : byHost.values()) {
                together.stream().sorted(mostUseful).skip(perAddress).forEach(one -> sybils.add(one.fingerprint()));
            }
        }
        return sybils;
    }
}
