package sallyport.supervisor.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.supervisor.assignment.AddressPool;
import sallyport.supervisor.assignment.IpRange;
import sallyport.supervisor.assignment.IpRange.BadRange;

/// Reads `pools { ... }`.
final class PoolReader {
    // Ours: a /8, which is all of 127.0.0.0/8; whoever writes more means something else.
    private static final BigInteger ADDRESSES_MAX = BigInteger.ONE.shiftLeft(24);
    private static final String EXAMPLE = "{ ipv4 = [\"198.51.100.0/26\"] }";
    private static final String IPV4_EXAMPLE = "\"198.51.100.0/26\" or \"198.51.100.5-198.51.100.9\"";
    private static final String IPV6_EXAMPLE = "\"2001:db8:1::/64\"";

    private final boolean testing;
    private final List<IpRange> resolvers;
    private final Map<IpRange, Value> seen = new TreeMap<>(
            Comparator.comparingInt(IpRange::bits).thenComparing(IpRange::first).thenComparing(IpRange::count));
    private final Set<String> partial = new HashSet<>();
    private boolean unreachable;

    /// @param resolvers name servers, whose addresses no relay gets
    PoolReader(boolean testing, List<IpRange> resolvers) {
        this.testing = testing;
        this.resolvers = List.copyOf(resolvers);
    }

    /// Whether a pool has addresses that the public network cannot reach, which was said.
    boolean isUnreachable() {
        return unreachable;
    }

    /// Names of pools that may have more addresses than could be read.
    Set<String> partial() {
        return Set.copyOf(partial);
    }

    /// By name; a pool with problems has what could be read of it.
    NavigableMap<String, AddressPool> read(Section file) {
        NavigableMap<String, AddressPool> pools = new TreeMap<>();
        Value value = file.required("pools", "{ main " + EXAMPLE + " }");
        Section section = value == null ? null : value.section("{ main " + EXAMPLE + " }");
        if (section == null) {
            return pools;
        }
        for (String name : section.names()) {
            Value entry = Objects.requireNonNull(section.optional(name));
            Section pool = entry.section(EXAMPLE);
            FleetNames.checkName(name, entry);
            if (pool == null) {
                partial.add(name);
            }
            pools.put(name, pool == null ? new AddressPool(name, List.of(), List.of(), List.of()) : pool(name, pool));
        }
        if (pools.isEmpty()) {
            section.problem(section.path(), "names no pool", "add one: { main " + EXAMPLE + " }");
        }
        return pools;
    }

    private AddressPool pool(String name, Section pool) {
        Value four = pool.required("ipv4", "[" + IPV4_EXAMPLE + "]");
        Value six = pool.optional("ipv6");
        Value reserve = pool.optional("reserve");
        List<IpRange> ipv4 = four == null ? List.of() : ranges(name, four, false, IPV4_EXAMPLE);
        List<IpRange> ipv6 = six == null ? List.of() : ranges(name, six, true, IPV6_EXAMPLE);
        if (four == null) {
            partial.add(name);
        }
        List<IpRange> reserved = new ArrayList<>(resolvers);
        for (Value element : reserve == null ? List.<Value>of() : reserve.list()) {
            IpRange range = range(element, IPV4_EXAMPLE);
            if (range != null) {
                reserved.add(range);
            }
        }
        if (four != null
                && ipv4.stream()
                                .map(IpRange::count)
                                .reduce(BigInteger.ZERO, BigInteger::add)
                                .compareTo(ADDRESSES_MAX)
                        > 0) {
            four.problem("has more addresses than a /8", "write the network that is routed to your hosts");
            ipv4 = List.of();
            partial.add(name);
        }
        pool.finish();
        return new AddressPool(name, ipv4, ipv6, reserved);
    }

    private List<IpRange> ranges(String pool, Value value, boolean ipv6, String example) {
        List<IpRange> ranges = new ArrayList<>();
        List<Value> elements = value.list();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "write " + example);
        }
        for (Value element : elements) {
            IpRange range = range(element, example);
            if (range == null) {
                continue;
            }
            if (range.isIpv6() != ipv6) {
                element.problem(
                        "is " + element.shown() + ", which is " + (ipv6 ? "IPv4" : "IPv6"),
                        "move it to " + (ipv6 ? "ipv4" : "ipv6"));
            } else if (isAlone(element, range)) {
                checkReachable(element, range);
                ranges.add(range);
            }
        }
        if (elements.isEmpty() || ranges.size() < elements.size()) {
            partial.add(pool);
        }
        return ranges;
    }

    private boolean isAlone(Value element, IpRange range) {
        for (Map.Entry<IpRange, Value> other : seen.entrySet()) {
            if (range.overlaps(other.getKey())) {
                Value first = other.getValue();
                element.problem(
                        "is " + element.shown() + ", which overlaps with " + first.shown() + " of " + first.key() + " ("
                                + element.problems().where(first.raw().origin()) + ")",
                        "let each address be of one pool, once");
                return false;
            }
        }
        seen.put(range, element);
        return true;
    }

    private void checkReachable(Value element, IpRange range) {
        byte[] first = Objects.requireNonNull(Ip.parse(range.at(BigInteger.ZERO)));
        if (!testing && Ip.isPrivate(first)) {
            unreachable = true;
            element.problem(
                    "is " + element.shown() + ", which the public network cannot reach",
                    "write public addresses of your hosts, or set network.kind = testing");
        }
    }

    private static @Nullable IpRange range(Value element, String example) {
        String text = element.text(example);
        if (text == null) {
            return null;
        }
        try {
            return IpRange.parse(text.strip());
        } catch (BadRange e) {
            element.problem("is " + element.shown() + ", which " + e.getMessage(), e.fix());
            return null;
        }
    }
}
