package sallyport.supervisor.config;

import com.typesafe.config.ConfigOrigin;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.AddressPool;
import sallyport.supervisor.assignment.Strategy;

/// One of `groups { ... }`.
///
/// @param numbers of its relays; empty where its count cannot be read
/// @param hosts where they may be
/// @param pools empty: all of the host
/// @param exitPools where addresses of their own for exit traffic come from; empty: as `pools`
/// @param layer what it says of its relays
/// @param relays what it says of single relays, by number
/// @param count where its count stands
record FleetGroup(
        String name,
        List<Integer> numbers,
        List<String> hosts,
        List<String> pools,
        Strategy strategy,
        boolean ownExit,
        List<String> exitPools,
        Layer layer,
        NavigableMap<Integer, Layer> relays,
        @Nullable ConfigOrigin count) {
    static final Set<String> OWN_KEYS =
            Set.of("count", "skip", "hosts", "pools", "strategy", "exit-address", "exit-pools", "relays");
    // Ours: an operator has some hundreds of relays at most.
    private static final int COUNT_MAX = 1_000;
    private static final int NUMBER_MAX = 1_000_000;
    private static final String EXAMPLE = "{ exits { count = 3, nickname = \"example{n}\", or-port = 443 } }";

    FleetGroup {
        numbers = List.copyOf(numbers);
        hosts = List.copyOf(hosts);
        pools = List.copyOf(pools);
        exitPools = List.copyOf(exitPools);
    }

    /// By name.
    static NavigableMap<String, FleetGroup> read(
            Section file, NavigableMap<String, FleetHost> hosts, NavigableMap<String, AddressPool> pools) {
        NavigableMap<String, FleetGroup> groups = new TreeMap<>();
        Value value = file.required("groups", EXAMPLE);
        Section section = value == null ? null : value.section(EXAMPLE);
        for (String name : section == null ? List.<String>of() : section.names()) {
            Value entry = Objects.requireNonNull(Objects.requireNonNull(section).optional(name));
            Section group = entry.section(EXAMPLE);
            String usable = FleetNames.group(name, entry);
            if (group != null) {
                groups.put(usable, group(usable, group, hosts, pools));
            }
        }
        if (value != null && section != null && section.names().isEmpty()) {
            value.problem("names no group", "add one: " + EXAMPLE);
        }
        return groups;
    }

    private static FleetGroup group(
            String name,
            Section group,
            NavigableMap<String, FleetHost> hosts,
            NavigableMap<String, AddressPool> pools) {
        List<Integer> numbers = numbers(group);
        List<String> groupHosts = names(group, "hosts", hosts.keySet(), "host");
        List<String> groupPools = names(group, "pools", pools.keySet(), "pool");
        Value strategy = group.optional("strategy");
        boolean ownExit = word(group.optional("exit-address"), Map.of("same", false, "own", true), false);
        List<String> exitPools = names(group, "exit-pools", pools.keySet(), "pool");
        if (!ownExit && !exitPools.isEmpty()) {
            group.problem(
                    group.keyOf("exit-pools"),
                    "is set, but exit-address is not own",
                    "set exit-address = own, or remove it");
        }
        NavigableMap<Integer, Layer> relays = relays(group, numbers);
        Value count = group.optional("count");
        return new FleetGroup(
                name,
                numbers,
                groupHosts.isEmpty() ? List.copyOf(hosts.keySet()) : groupHosts,
                groupPools,
                word(
                        strategy,
                        Map.of("spread", Strategy.SPREAD, "dense", Strategy.DENSE, "one-each", Strategy.ONE_EACH),
                        Strategy.SPREAD),
                ownExit,
                exitPools,
                Layer.of(group, OWN_KEYS, "groups.NAME."),
                relays,
                count == null ? null : count.raw().origin());
    }

    /// The first whole numbers that are not skipped.
    private static List<Integer> numbers(Section group) {
        Value value = group.required("count", "3");
        Integer count = value == null ? null : value.wholeNumber(1, COUNT_MAX);
        Set<Integer> skipped = new TreeSet<>();
        Value skip = group.optional("skip");
        for (Value element : skip == null ? List.<Value>of() : skip.list()) {
            Integer number = element.wholeNumber(1, NUMBER_MAX);
            if (number != null) {
                skipped.add(number);
            }
        }
        return IntStream.iterate(1, number -> number + 1)
                .filter(number -> !skipped.contains(number))
                .limit(count == null ? 0 : count)
                .boxed()
                .toList();
    }

    private static List<String> names(Section group, String key, Set<String> known, String kind) {
        Value value = group.optional(key);
        return value == null ? List.of() : FleetNames.known(value, known, kind);
    }

    private static <T> T word(@Nullable Value value, Map<String, T> words, T otherwise) {
        return value == null ? otherwise : value.word(words, otherwise);
    }

    private static NavigableMap<Integer, Layer> relays(Section group, List<Integer> numbers) {
        NavigableMap<Integer, Layer> relays = new TreeMap<>();
        Value value = group.optional("relays");
        Section section = value == null ? null : value.section("relays { \"3\" { contact = \"...\" } }");
        for (String name : section == null ? List.<String>of() : section.names()) {
            Value entry = Objects.requireNonNull(Objects.requireNonNull(section).optional(name));
            Section relay = entry.section("{ contact = \"...\" }");
            boolean isNumber = name.matches("[1-9][0-9]{0,6}");
            // A group without numbers is one whose count is wrong, which was said.
            if (!isNumber || !(numbers.isEmpty() || numbers.contains(Integer.valueOf(name)))) {
                entry.problem(
                        "is of a relay that the group does not have",
                        numbers.isEmpty()
                                ? "write the number of a relay"
                                : "write a number from " + numbers.getFirst() + " to " + numbers.getLast()
                                        + " that is not skipped");
            } else if (relay != null) {
                relays.put(Integer.valueOf(name), Layer.of(relay, Set.of(), ""));
            }
        }
        return relays;
    }
}
