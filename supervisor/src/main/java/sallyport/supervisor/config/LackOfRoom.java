package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.Assignment;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.RelayPlace;

/// Says of the relays that the assignment found no place for what there is too little of; not where that may be there
/// once another problem is mended.
final class LackOfRoom {
    /// What a group says of the places of its relays.
    private static final List<String> OF_PLACES =
            List.of("count", "skip", "hosts", "pools", "strategy", "exit-address", "exit-pools", "or-port");

    private static final List<String> OF_ONE_PLACE = List.of("address", "or-port");

    private final FleetSections sections;
    private final Problems problems;
    private final Lock lock;
    // Noted before anything is said here, which would count as a problem of its own.
    private final Set<String> uncertain = new TreeSet<>();

    /// @param lockWhole whether all of the lock file could be read
    LackOfRoom(FleetSections sections, Problems problems, Lock lock, boolean lockWhole) {
        this.sections = sections;
        this.problems = problems;
        this.lock = lock;
        boolean nothingIsKnown = !lockWhole
                || Stream.of("fleet", "fleet.defaults", "fleet.relays-per-address", "pools", "hosts", "groups")
                        .anyMatch(problems::isOf)
                || problems.isAbout("fleet.defaults.or-port");
        for (FleetGroup group : sections.groups().values()) {
            if (nothingIsKnown || sections.groups().values().stream().anyMatch(other -> disturbs(other, group))) {
                uncertain.add(group.name());
            }
        }
    }

    /// @param unplaced all of one group
    void say(List<Assignment.Unplaced> unplaced) {
        FleetGroup group =
                Objects.requireNonNull(sections.groups().get(unplaced.getFirst().group()));
        if (uncertain.contains(group.name())) {
            return;
        }
        int room = group.numbers().size()
                - unplaced.stream().mapToInt(each -> each.numbers().size()).sum();
        for (Assignment.Unplaced each : unplaced) {
            List<Integer> free = new ArrayList<>(each.numbers());
            free.removeIf(number -> isPinned(group, number));
            each.numbers().stream()
                    .filter(number -> isPinned(group, number))
                    .forEach(number -> sayOfOne(group, number));
            if (!free.isEmpty()) {
                problems.add(
                        Optional.ofNullable(group.count())
                                .orElse(group.layer().object().origin()),
                        group.layer().path() + ".count",
                        "is " + group.numbers().size() + ", but there is room for " + room + ": " + each.why() + " ("
                                + lock.relaysPerAddress() + " relays per address at most, "
                                + group.strategy().word() + ")",
                        "add addresses to a pool, list more ports in or-port, or lower the count");
            }
        }
    }

    /// Addresses that two hosts would have. A relay's own is the only one that can be: pools are of one host each.
    void sayOfHosts() {
        NavigableMap<String, RelayPlace> first = new TreeMap<>();
        for (RelayPlace place : lock.places()) {
            Value own = address(group(place), place.number());
            if (own == null) {
                continue;
            }
            for (String address : place.addresses().all()) {
                RelayPlace other = first.putIfAbsent(address, place);
                String owner = owner(address);
                if (!owner.isEmpty() && !owner.equals(place.host())) {
                    sayOfTwoHosts(own, place, "of a pool of host " + owner, owner);
                } else if (other != null && !other.host().equals(place.host())) {
                    sayOfTwoHosts(own, place, "also that of " + other.id() + " on host " + other.host(), other.host());
                }
            }
        }
    }

    /// The host of the pool that an address is of; empty where it is of none.
    private String owner(String address) {
        return sections.hosts().values().stream()
                .filter(host -> host.pools().stream().anyMatch(pool -> pool.offers(address)))
                .map(FleetHost::name)
                .findFirst()
                .orElse("");
    }

    private static void sayOfTwoHosts(Value own, RelayPlace place, String whose, String host) {
        own.problem(
                "is the address of " + place.id() + " on host " + place.host() + ", and " + whose,
                "let each address be of one host: give the relay another, or let groups." + place.group()
                        + ".hosts name " + host);
    }

    private void sayOfOne(FleetGroup group, int number) {
        Value value = Objects.requireNonNull(address(group, number));
        Set<String> wanted = Addresses.onePerFamily(value, ListenReader.ADDRESS_EXAMPLE).ips().stream()
                .map(Addresses::plain)
                .collect(Collectors.toSet());
        String others = lock.places().stream()
                .filter(place -> addresses(place).anyMatch(wanted::contains))
                .map(place -> place.id() + " (port " + place.port() + ")")
                .collect(Collectors.joining(", "));
        value.problem(
                "has the address " + String.join(", ", wanted) + ", where no port of its or-port is left beside "
                        + others,
                "give relay " + number + " another address, or an or-port of its own");
    }

    /// Where it listens, and where it leaves from if that is its own.
    private static Stream<String> addresses(RelayPlace place) {
        return Stream.of(place.addresses(), place.exit())
                .filter(pair -> !pair.isNone())
                .flatMap(pair -> pair.all().stream());
    }

    private FleetGroup group(RelayPlace place) {
        return Objects.requireNonNull(sections.groups().get(place.group()));
    }

    private boolean isPinned(FleetGroup group, int number) {
        return address(group, number) != null;
    }

    private @Nullable Value address(FleetGroup group, int number) {
        Layer own = group.relays().get(number);
        return own == null ? null : new Cascade(List.of(own), own, problems).value("address");
    }

    /// Whether problems of one group may be why another has too little room.
    private boolean disturbs(FleetGroup one, FleetGroup other) {
        return !isSure(one) && (one == other || pools(one).stream().anyMatch(pools(other)::contains));
    }

    private boolean isSure(FleetGroup group) {
        String path = group.layer().path();
        Stream<String> ofGroup = OF_PLACES.stream().map(key -> path + "." + key);
        Stream<String> ofRelays = group.relays().values().stream()
                .flatMap(relay -> OF_ONE_PLACE.stream().map(key -> relay.path() + "." + key));
        Stream<String> ofHosts = group.hosts().stream()
                .flatMap(host -> Stream.of("hosts." + host + ".pools", "hosts." + host + ".or-port"));
        return Stream.of(ofGroup, ofRelays, ofHosts).flatMap(keys -> keys).noneMatch(problems::isAbout)
                && group.hosts().stream().noneMatch(host -> problems.isOf("hosts." + host))
                && !problems.isOf(path + ".relays")
                && pools(group).stream().noneMatch(sections.partial()::contains);
    }

    private Set<String> pools(FleetGroup group) {
        return group.hosts().stream()
                .map(host -> Objects.requireNonNull(sections.hosts().get(host)))
                .flatMap(host -> host.pools().stream())
                .map(pool -> pool.name())
                .filter(name -> group.pools().isEmpty()
                        || group.pools().contains(name)
                        || group.exitPools().contains(name))
                .collect(Collectors.toSet());
    }
}
