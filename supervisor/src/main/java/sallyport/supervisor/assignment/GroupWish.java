package sallyport.supervisor.assignment;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What the configuration asks for one group.
///
/// @param hosts where its relays may be, by name
/// @param ownExit whether each relay's connections to servers come from an address that is its alone
/// @param relays by number
public record GroupWish(
        String name,
        NavigableMap<String, HostWish> hosts,
        Strategy strategy,
        boolean ownExit,
        NavigableMap<Integer, RelayWish> relays) {
    public GroupWish {
        hosts = new TreeMap<>(hosts);
        relays = new TreeMap<>(relays);
    }

    /// What a host has for the group.
    ///
    /// @param pools in the order in which they are filled
    /// @param exitPools where addresses of [GroupWish#ownExit] come from, likewise
    /// @param ports those that relays on one address take, in this order
    public record HostWish(List<AddressPool> pools, List<AddressPool> exitPools, List<Integer> ports) {
        public HostWish {
            pools = List.copyOf(pools);
            exitPools = List.copyOf(exitPools);
            ports = List.copyOf(ports);
        }

        boolean offers(String address) {
            return pools.stream().anyMatch(pool -> pool.offers(address));
        }

        boolean offersExit(String address) {
            return exitPools.stream().anyMatch(pool -> pool.offers(address));
        }

        Optional<AddressPool> poolOf(String address) {
            return pools.stream().filter(pool -> pool.offers(address)).findFirst();
        }
    }

    /// What the configuration says of one relay.
    ///
    /// @param id names its keys
    /// @param nickname goes into the lock file
    /// @param address none: the assignment chooses
    /// @param port 0: the assignment chooses
    public record RelayWish(String id, String nickname, AddressPair address, int port) {}

    static Map<String, GroupWish> byName(List<GroupWish> groups) {
        Map<String, GroupWish> byName = new TreeMap<>();
        groups.forEach(group -> byName.put(group.name(), group));
        return byName;
    }
}
