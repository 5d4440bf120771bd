package sallyport.supervisor.assignment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import sallyport.supervisor.assignment.GroupWish.HostWish;
import sallyport.supervisor.assignment.GroupWish.RelayWish;

/// Gives every relay that the configuration asks for a place. A relay that the lock has keeps its place for as long as
/// the configuration allows that very place; new ones get what is left, groups by name and relays by number, so that
/// the same wishes and the same lock always give the same places.
public final class Assignment {
    /// Relays without a place.
    ///
    /// @param why what there was too little of
    public record Unplaced(String group, List<Integer> numbers, String why) {
        public Unplaced {
            numbers = List.copyOf(numbers);
        }
    }

    /// @param lock holds the relays that have a place
    public record Result(Lock lock, List<Unplaced> unplaced) {
        public Result {
            unplaced = List.copyOf(unplaced);
        }
    }

    private record Waiting(GroupWish group, int number, String host) {
        RelayWish relay() {
            return wish(group, number);
        }

        HostWish hostWish() {
            return hostWish(host);
        }

        HostWish hostWish(String name) {
            return Objects.requireNonNull(group.hosts().get(name));
        }
    }

    private final Map<String, GroupWish> groups;
    private final Occupancy occupancy;
    private final TreeSet<RelayPlace> placed = new TreeSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final NavigableMap<String, NavigableMap<String, List<Integer>>> unplaced = new TreeMap<>();

    private Assignment(List<GroupWish> groups, int relaysPerAddress) {
        this.groups = GroupWish.byName(groups);
        this.occupancy = new Occupancy(relaysPerAddress);
    }

    /// @param relaysPerAddress at most, at least 1
    public static Result of(List<GroupWish> groups, Lock before, int relaysPerAddress) {
        Assignment assignment = new Assignment(groups, relaysPerAddress);
        List<RelayPlace> kept = before.places().stream()
                .flatMap(place -> assignment.kept(place).stream())
                .toList();
        kept.forEach(assignment::occupy);
        kept.forEach(place -> assignment.placed.add(assignment.completed(place)));
        assignment.bindNewOnes(before);
        assignment.placeNewOnes(before);
        List<Unplaced> unplaced = new ArrayList<>();
        assignment.unplaced.forEach(
                (group, reasons) -> reasons.forEach((why, numbers) -> unplaced.add(new Unplaced(group, numbers, why))));
        return new Result(new Lock(relaysPerAddress, List.copyOf(assignment.placed)), unplaced);
    }

    private static RelayWish wish(GroupWish group, int number) {
        return Objects.requireNonNull(group.relays().get(number));
    }

    /// The place of before, as far as the configuration still allows it; empty when the relay is gone or has to move.
    /// An exit address or an IPv6 address that is no longer allowed is left out.
    private Optional<RelayPlace> kept(RelayPlace place) {
        GroupWish group = groups.get(place.group());
        RelayWish relay = group == null ? null : group.relays().get(place.number());
        HostWish host = group == null ? null : group.hosts().get(place.host());
        if (group == null || relay == null || host == null) {
            return Optional.empty();
        }
        boolean pinned = !relay.address().isNone();
        boolean addressStays = pinned
                ? relay.address().equals(place.addresses())
                : host.offers(place.addresses().ipv4());
        boolean portStays =
                relay.port() > 0 ? relay.port() == place.port() : host.ports().contains(place.port());
        if (!addressStays || !portStays) {
            return Optional.empty();
        }
        String six = place.addresses().ipv6();
        AddressPair addresses = pinned || six.isEmpty() || host.offers(six)
                ? place.addresses()
                : new AddressPair(place.addresses().ipv4(), "");
        boolean exitStays = group.ownExit() && place.exit().all().stream().allMatch(host::offersExit);
        return Optional.of(new RelayPlace(
                relay.id(),
                group.name(),
                place.number(),
                place.host(),
                relay.nickname(),
                addresses,
                place.port(),
                exitStays ? place.exit() : AddressPair.NONE,
                place.id().equals(relay.id()) ? place.fingerprint() : ""));
    }

    private void occupy(RelayPlace place) {
        GroupWish group = Objects.requireNonNull(groups.get(place.group()));
        occupancy.listen(place.addresses(), place.port(), group.strategy() == Strategy.ONE_EACH);
        occupancy.exit(place.exit());
    }

    /// A relay that stays where it is gets what the configuration newly gives to all: an IPv6 address, an exit address.
    private RelayPlace completed(RelayPlace place) {
        GroupWish group = Objects.requireNonNull(groups.get(place.group()));
        HostWish host = Objects.requireNonNull(group.hosts().get(place.host()));
        AddressPair addresses = place.addresses();
        if (addresses.ipv6().isEmpty() && wish(group, place.number()).address().isNone()) {
            String six = host.poolOf(addresses.ipv4())
                    .flatMap(pool -> pool.at(pool.placeOf(addresses.ipv4())))
                    .map(AddressPair::ipv6)
                    .orElse("");
            if (!six.isEmpty() && occupancy.mayJoin(addresses.ipv4(), six)) {
                return completed(with(place, new AddressPair(addresses.ipv4(), six), place.exit()));
            }
        }
        RelayPlace complete = place;
        if (group.ownExit() && place.exit().isNone()) {
            Optional<AddressPair> exit = occupancy.last(host.exitPools(), addresses);
            if (exit.isEmpty()) {
                note(group.name(), place.number(), lackOfExits(host));
            }
            complete = with(place, addresses, exit.orElse(AddressPair.NONE));
        }
        occupy(complete);
        return complete;
    }

    private static RelayPlace with(RelayPlace place, AddressPair addresses, AddressPair exit) {
        return new RelayPlace(
                place.id(),
                place.group(),
                place.number(),
                place.host(),
                place.nickname(),
                addresses,
                place.port(),
                exit,
                place.fingerprint());
    }

    /// Chooses a host for each new relay: that with the fewest of the group. What is pinned to an address comes first.
    private void bindNewOnes(Lock before) {
        for (GroupWish group : groups.values()) {
            NavigableMap<String, Integer> relaysOf = new TreeMap<>();
            group.hosts().keySet().forEach(host -> relaysOf.put(host, 0));
            placed.stream()
                    .filter(place -> place.group().equals(group.name()))
                    .forEach(place -> relaysOf.merge(place.host(), 1, Integer::sum));
            Set<Integer> there = new HashSet<>();
            placed.stream()
                    .filter(place -> place.group().equals(group.name()))
                    .forEach(place -> there.add(place.number()));
            for (int number : group.relays().keySet()) {
                if (!there.contains(number) && !relaysOf.isEmpty()) {
                    // One that has to move stays on its host, where its keys are.
                    String host = before.place(group.name(), number)
                            .map(RelayPlace::host)
                            .filter(relaysOf::containsKey)
                            .orElseGet(() -> fewest(relaysOf));
                    relaysOf.merge(host, 1, Integer::sum);
                    waiting.add(new Waiting(group, number, host));
                }
            }
        }
        waiting.sort(
                Comparator.comparing((Waiting relay) -> relay.relay().address().isNone()));
    }

    private static String fewest(NavigableMap<String, Integer> relaysOf) {
        return relaysOf.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private void placeNewOnes(Lock before) {
        while (!waiting.isEmpty()) {
            Waiting relay = waiting.getFirst();
            Optional<RelayPlace> old = before.place(relay.group().name(), relay.number());
            boolean found = Stream.concat(
                            Stream.of(relay.host()),
                            relay.group().hosts().keySet().stream().filter(host -> !host.equals(relay.host())))
                    .anyMatch(host -> place(relay, host, old));
            if (!found) {
                note(relay.group().name(), relay.number(), lack(relay));
            }
            waiting.removeFirst();
        }
    }

    private boolean place(Waiting relay, String hostName, Optional<RelayPlace> old) {
        GroupWish group = relay.group();
        HostWish host = relay.hostWish(hostName);
        RelayWish wish = relay.relay();
        List<Integer> ports = wish.port() > 0 ? List.of(wish.port()) : host.ports();
        // Whoever has to change its port alone keeps its address.
        Optional<AddressPair> address = wish.address().isNone()
                ? old.filter(place -> place.host().equals(hostName))
                        .map(RelayPlace::addresses)
                        .filter(pair -> host.offers(pair.ipv4()) && occupancy.hasRoom(pair, ports))
                        .or(() -> address(group, host, hostName, ports))
                : Optional.of(wish.address()).filter(pair -> !occupancy.isExitOfOne(pair.ipv4()));
        Optional<Integer> port = address.flatMap(pair -> occupancy.freePort(pair.ipv4(), ports));
        Optional<AddressPair> exit = !group.ownExit() || address.isEmpty()
                ? Optional.of(AddressPair.NONE)
                : occupancy.last(host.exitPools(), address.get());
        if (address.isEmpty() || port.isEmpty() || exit.isEmpty()) {
            return false;
        }
        RelayPlace place = new RelayPlace(
                wish.id(),
                group.name(),
                relay.number(),
                hostName,
                wish.nickname(),
                address.get(),
                port.get(),
                exit.get(),
                old.filter(before -> before.id().equals(wish.id()))
                        .map(RelayPlace::fingerprint)
                        .orElse(""));
        occupy(place);
        placed.add(place);
        return true;
    }

    private Optional<AddressPair> address(GroupWish group, HostWish host, String hostName, List<Integer> ports) {
        boolean dense = group.strategy() == Strategy.DENSE;
        Optional<AddressPair> shared = group.strategy() == Strategy.ONE_EACH
                ? Optional.empty()
                : occupancy.shared(host.pools(), ports, !dense).stream().findFirst();
        if (dense && shared.isPresent()) {
            return shared;
        }
        Optional<AddressPair> fresh = host.pools().stream()
                .filter(pool -> leavesEnoughForExits(pool, hostName))
                .flatMap(pool -> occupancy.first(List.of(pool)).stream())
                .findFirst();
        return fresh.or(() -> shared);
    }

    /// A relay that listens at a fresh address must not take it from one that needs an exit address to itself.
    private boolean leavesEnoughForExits(AddressPool pool, String hostName) {
        int needed = 0;
        Set<AddressPool> pools = new HashSet<>();
        pools.add(pool);
        for (Waiting other : waiting) {
            if (other.group().ownExit()
                    && other.host().equals(hostName)
                    && other.hostWish().exitPools().contains(pool)) {
                needed++;
                pools.addAll(other.hostWish().exitPools());
            }
        }
        return occupancy.hasMoreThan(needed, pools);
    }

    private String lack(Waiting relay) {
        AddressPair pinned = relay.relay().address();
        if (!pinned.isNone()) {
            return "their own address and port are another relay's";
        }
        HostWish host = relay.hostWish();
        String and = relay.group().ownExit() ? ", where each relay needs one of its own for exit traffic" : "";
        return "no address is left in " + names(host.pools()) + " of host " + relay.host() + and;
    }

    private static String lackOfExits(HostWish host) {
        return "no address for exit traffic of their own is left in " + names(host.exitPools());
    }

    private static String names(List<AddressPool> pools) {
        return (pools.size() == 1 ? "pool " : "pools ")
                + String.join(", ", pools.stream().map(AddressPool::name).toList());
    }

    private void note(String group, int number, String why) {
        unplaced.computeIfAbsent(group, _ -> new TreeMap<>())
                .computeIfAbsent(why, _ -> new ArrayList<>())
                .add(number);
    }
}
