package sallyport.supervisor.assignment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which addresses are taken while places are assigned, and what can still be had.
final class Occupancy {
    /// What an address is used for.
    private static final class Use {
        private final Set<Integer> ports = new HashSet<>();
        private String ipv6 = "";
        private boolean alone;
        private boolean exit;
    }

    private final int relaysPerAddress;
    private final Map<String, Use> uses = new HashMap<>();
    private final Set<String> takenIpv6 = new HashSet<>();

    Occupancy(int relaysPerAddress) {
        this.relaysPerAddress = relaysPerAddress;
    }

    /// @param alone whether no other relay may come to the address
    void listen(AddressPair addresses, int port, boolean alone) {
        Use use = uses.computeIfAbsent(addresses.ipv4(), _ -> new Use());
        use.ports.add(port);
        use.alone |= alone;
        if (!addresses.ipv6().isEmpty()) {
            use.ipv6 = addresses.ipv6();
            takenIpv6.add(addresses.ipv6());
        }
    }

    void exit(AddressPair addresses) {
        if (!addresses.isNone()) {
            uses.computeIfAbsent(addresses.ipv4(), _ -> new Use()).exit = true;
            if (!addresses.ipv6().isEmpty()) {
                takenIpv6.add(addresses.ipv6());
            }
        }
    }

    boolean isTaken(String ipv4, int port) {
        Use use = uses.get(ipv4);
        return use != null && use.ports.contains(port);
    }

    /// Whether relays at the IPv4 address may have the IPv6 address too: nobody else has it, and they have no other.
    boolean mayJoin(String ipv4, String ipv6) {
        Use use = uses.get(ipv4);
        return (use == null || use.ipv6.isEmpty()) ? !takenIpv6.contains(ipv6) : use.ipv6.equals(ipv6);
    }

    /// Whether a relay may be there that was there before.
    boolean hasRoom(AddressPair pair, List<Integer> ports) {
        Use use = uses.get(pair.ipv4());
        return use == null
                ? isUntouched(pair)
                : isShareable(use) && freePort(pair.ipv4(), ports).isPresent();
    }

    /// Whether the address is the source of one relay's connections to servers.

    boolean isExitOfOne(String ipv4) {
        Use use = uses.get(ipv4);
        return use != null && use.exit;
    }

    /// The first port of the list that nobody has there.
    Optional<Integer> freePort(String ipv4, List<Integer> ports) {
        return ports.stream().filter(port -> !isTaken(ipv4, port)).findFirst();
    }

    /// The first place that nobody uses.
    Optional<AddressPair> first(List<AddressPool> pools) {
        for (AddressPool pool : pools) {
            for (long place = 0; place < pool.places(); place++) {
                Optional<AddressPair> pair = pool.at(place).filter(this::isUntouched);
                if (pair.isPresent()) {
                    return pair;
                }
            }
        }
        return Optional.empty();
    }

    /// The last place that nobody uses, and that is not about to be: addresses of exits are taken from the other end.
    Optional<AddressPair> last(List<AddressPool> pools, AddressPair except) {
        for (AddressPool pool : pools.reversed()) {
            for (long place = pool.places() - 1; place >= 0; place--) {
                Optional<AddressPair> pair = pool.at(place)
                        .filter(this::isUntouched)
                        .filter(unused -> !unused.ipv4().equals(except.ipv4()));
                if (pair.isPresent()) {
                    return pair;
                }
            }
        }
        return Optional.empty();
    }

    /// Whether more than `enough` places are unused.
    boolean hasMoreThan(int enough, Set<AddressPool> pools) {
        long unused = 0;
        for (AddressPool pool : pools) {
            for (long place = 0; place < pool.places() && unused <= enough; place++) {
                if (pool.at(place).filter(this::isUntouched).isPresent()) {
                    unused++;
                }
            }
        }
        return unused > enough;
    }

    /// The addresses of these pools that have relays and room for one more, in the order of the pools; those with the
    /// fewest relays first where `fewestFirst`.
    List<AddressPair> shared(List<AddressPool> pools, List<Integer> ports, boolean fewestFirst) {
        List<AddressPair> shared = new ArrayList<>();
        for (AddressPool pool : pools) {
            uses.entrySet().stream()
                    .filter(entry -> isShareable(entry.getValue()) && pool.offers(entry.getKey()))
                    .filter(entry -> freePort(entry.getKey(), ports).isPresent())
                    .sorted(Comparator.comparingLong(entry -> pool.placeOf(entry.getKey())))
                    .forEach(entry -> shared.add(new AddressPair(entry.getKey(), entry.getValue().ipv6)));
        }
        if (fewestFirst) {
            shared.sort(Comparator.comparingInt(
                    pair -> uses.getOrDefault(pair.ipv4(), new Use()).ports.size()));
        }
        return shared;
    }

    private boolean isShareable(Use use) {
        return !use.alone && !use.exit && use.ports.size() < relaysPerAddress;
    }

    private boolean isUntouched(AddressPair pair) {
        return !uses.containsKey(pair.ipv4()) && (pair.ipv6().isEmpty() || !takenIpv6.contains(pair.ipv6()));
    }
}
