package sallyport.supervisor.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import sallyport.supervisor.assignment.AddressPool;

/// One of `hosts { ... }`.
///
/// @param pools whose addresses are routed to it, in the order in which they are filled
/// @param layer what it says of its relays
record FleetHost(String name, List<AddressPool> pools, Layer layer) {
    /// What a file without `hosts` has.
    static final String ONLY = "default";

    static final Set<String> OWN_KEYS = Set.of("pools");
    private static final String EXAMPLE = "{ alpha { pools = [main] } }";

    FleetHost {
        pools = List.copyOf(pools);
    }

    /// By name. A file without the section has one host with all pools.
    static NavigableMap<String, FleetHost> read(Section file, NavigableMap<String, AddressPool> pools) {
        NavigableMap<String, FleetHost> hosts = new TreeMap<>();
        Value value = file.optional("hosts");
        if (value == null) {
            hosts.put(ONLY, new FleetHost(ONLY, List.copyOf(pools.values()), Layer.empty("hosts")));
            return hosts;
        }
        Section section = value.section(EXAMPLE);
        Map<String, Value> owners = new HashMap<>();
        for (String name : section == null ? List.<String>of() : section.names()) {
            Value entry = Objects.requireNonNull(Objects.requireNonNull(section).optional(name));
            Section host = entry.section("{ pools = [main] }");
            FleetNames.checkName(name, entry);
            hosts.put(
                    name,
                    host == null
                            ? new FleetHost(name, List.of(), Layer.empty(entry.key()))
                            : host(name, host, pools, owners));
        }
        if (hosts.isEmpty() && section != null) {
            value.problem("names no host", "write " + EXAMPLE + ", or remove it where there is one host");
        }
        return hosts;
    }

    private static FleetHost host(
            String name, Section host, NavigableMap<String, AddressPool> pools, Map<String, Value> owners) {
        Value value = host.required("pools", "[main]");
        List<String> names = value == null ? List.of() : FleetNames.known(value, pools.keySet(), "pool");
        for (String pool : names) {
            Value owner = owners.putIfAbsent(pool, Objects.requireNonNull(value));
            if (owner != null) {
                value.problem(
                        "has pool " + pool + ", which " + owner.key() + " has too ("
                                + value.problems().where(owner.raw().origin()) + ")",
                        "let each address be of one host: make a pool for each");
            }
        }
        return new FleetHost(name, names.stream().map(pools::get).toList(), Layer.of(host, OWN_KEYS, "hosts.NAME."));
    }
}
