package sallyport.supervisor.assignment;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sallyport.supervisor.assignment.GroupWish.HostWish;
import sallyport.supervisor.assignment.GroupWish.RelayWish;

/// What tests of the assignment wish for.
final class Wishes {
    private Wishes() {}

    static IpRange range(String text) {
        try {
            return IpRange.parse(text);
        } catch (IpRange.BadRange e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static List<IpRange> ranges(String... texts) {
        List<IpRange> ranges = new ArrayList<>();
        for (String text : texts) {
            ranges.add(range(text));
        }
        return ranges;
    }

    static AddressPool pool(String name, List<IpRange> ipv4, List<IpRange> ipv6, String... reserved) {
        return new AddressPool(name, ipv4, ipv6, ranges(reserved));
    }

    static AddressPool pool(String ipv4) {
        return pool("main", ranges(ipv4), List.of());
    }

    /// On one host.
    static GroupWish group(
            String name, int count, Strategy strategy, boolean ownExit, List<Integer> ports, AddressPool... pools) {
        NavigableMap<String, HostWish> hosts = new TreeMap<>();
        hosts.put("default", new HostWish(List.of(pools), List.of(pools), ports));
        return group(name, count, strategy, ownExit, hosts);
    }

    static GroupWish group(
            String name, int count, Strategy strategy, boolean ownExit, NavigableMap<String, HostWish> hosts) {
        NavigableMap<Integer, RelayWish> relays = new TreeMap<>();
        IntStream.rangeClosed(1, count).forEach(number -> relays.put(number, relay(name, number)));
        return new GroupWish(name, hosts, strategy, ownExit, relays);
    }

    static RelayWish relay(String group, int number) {
        return new RelayWish(group + "-" + number, "example" + number, AddressPair.NONE, 0);
    }

    /// `ADDRESS:PORT` of each relay, in order.
    static List<String> places(Assignment.Result result) {
        return result.lock().places().stream()
                .map(place ->
                        place.addresses() + ":" + place.port() + (place.exit().isNone() ? "" : ">" + place.exit()))
                .toList();
    }
}
