package sallyport.supervisor.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sallyport.supervisor.assignment.GroupWish.HostWish;
import sallyport.supervisor.assignment.GroupWish.RelayWish;

class AssignmentTest {
    private static final AddressPool SIX = Wishes.pool("198.51.100.0/29");
    private static final List<Integer> PORTS = List.of(443, 9001, 9002);

    @Test
    void spreadTakesEachAddressBeforeAnySecondTime() {
        assertThat(places(8, Strategy.SPREAD, false, 8))
                .containsExactly(
                        "198.51.100.1:443",
                        "198.51.100.2:443",
                        "198.51.100.3:443",
                        "198.51.100.4:443",
                        "198.51.100.5:443",
                        "198.51.100.6:443",
                        "198.51.100.1:9001",
                        "198.51.100.2:9001");
    }

    @Test
    void denseFillsAnAddressBeforeTheNext() {
        assertThat(places(5, Strategy.DENSE, false, 2))
                .containsExactly(
                        "198.51.100.1:443",
                        "198.51.100.1:9001",
                        "198.51.100.2:443",
                        "198.51.100.2:9001",
                        "198.51.100.3:443");
    }

    @Test
    void oneEachSharesNothing() {
        Assignment.Result result = assign(7, Strategy.ONE_EACH, false, 8);
        assertThat(Wishes.places(result)).hasSize(6).doesNotHaveDuplicates().allMatch(place -> place.endsWith(":443"));
        assertThat(result.unplaced())
                .containsExactly(new Assignment.Unplaced(
                        "exits", List.of(7), "no address is left in pool main of host default"));
    }

    /// Whoever needs an address to itself for exit traffic gets it, though relays would rather spread.
    @Test
    void exitAddressesAreOneRelaysAlone() {
        assertThat(places(4, Strategy.SPREAD, true, 8))
                .containsExactly(
                        "198.51.100.1:443>198.51.100.6",
                        "198.51.100.2:443>198.51.100.5",
                        "198.51.100.1:9001>198.51.100.4",
                        "198.51.100.2:9001>198.51.100.3");
        assertThat(assign(6, Strategy.SPREAD, true, 8).unplaced())
                .singleElement()
                .satisfies(unplaced -> {
                    assertThat(unplaced.why()).contains("exit traffic");
                });
    }

    /// Whoever gets an exit address while it runs gets none at which a later relay of the lock listens.
    @Test
    void exitAddressesThatComeLaterAreNobodysPlace() {
        Lock first = assign(2, Strategy.SPREAD, false, 8).lock();
        RelayPlace second = first.places().get(1);
        RelayPlace atTheEnd = new RelayPlace(
                second.id(),
                second.group(),
                second.number(),
                second.host(),
                second.nickname(),
                new AddressPair("198.51.100.6", ""),
                second.port(),
                second.exit(),
                "");
        Lock before = first.with(List.of(first.places().getFirst(), atTheEnd));
        GroupWish group = Wishes.group("exits", 2, Strategy.SPREAD, true, PORTS, SIX);
        assertThat(Wishes.places(Assignment.of(List.of(group), before, 8)))
                .containsExactly("198.51.100.1:443>198.51.100.5", "198.51.100.6:443>198.51.100.4");
    }

    @Test
    void ipv6GoesWithTheIpv4AddressOfTheSamePlace() {
        AddressPool pool = Wishes.pool(
                "main",
                Wishes.ranges("198.51.100.0/29"),
                Wishes.ranges("2001:db8::/64"),
                "198.51.100.2",
                "2001:db8::4");
        GroupWish group = Wishes.group("exits", 4, Strategy.SPREAD, false, PORTS, pool);
        assertThat(Wishes.places(Assignment.of(List.of(group), Lock.EMPTY, 1)))
                .containsExactly(
                        "198.51.100.1,2001:db8::1:443",
                        "198.51.100.3,2001:db8::3:443",
                        "198.51.100.5,2001:db8::5:443",
                        "198.51.100.6,2001:db8::6:443");
    }

    /// A relay that runs stays at its address when the pool gets IPv6, and gets the IPv6 address of its place.
    @Test
    void ipv6ThatComesLaterMovesNobody() {
        Lock before = assign(3, Strategy.SPREAD, false, 8).lock();
        AddressPool dual = Wishes.pool("main", Wishes.ranges("198.51.100.0/29"), Wishes.ranges("2001:db8::/64"));
        GroupWish group = Wishes.group("exits", 3, Strategy.SPREAD, false, PORTS, dual);
        assertThat(Wishes.places(Assignment.of(List.of(group), before, 8)))
                .containsExactly(
                        "198.51.100.1,2001:db8::1:443", "198.51.100.2,2001:db8::2:443", "198.51.100.3,2001:db8::3:443");
    }

    @Test
    void aRelayWithAnAddressOfItsOwnHasItBeforeOthersChoose() {
        GroupWish group = Wishes.group("exits", 2, Strategy.SPREAD, false, PORTS, SIX);
        NavigableMap<Integer, RelayWish> relays = new TreeMap<>(group.relays());
        relays.put(2, new RelayWish("old", "example2", new AddressPair("198.51.100.1", ""), 443));
        GroupWish pinned = new GroupWish("exits", group.hosts(), group.strategy(), false, relays);
        Assignment.Result result = Assignment.of(List.of(pinned), Lock.EMPTY, 8);
        assertThat(Wishes.places(result)).containsExactly("198.51.100.2:443", "198.51.100.1:443");

        // But not where somebody runs already.
        Lock taken = Assignment.of(List.of(Wishes.group("exits", 1, Strategy.SPREAD, false, PORTS, SIX)), Lock.EMPTY, 8)
                .lock();
        assertThat(Assignment.of(List.of(pinned), taken, 8).unplaced())
                .containsExactly(
                        new Assignment.Unplaced("exits", List.of(2), "their own address and port are another relay's"));
    }

    @Test
    void relaysAreDividedAmongHosts() {
        NavigableMap<String, HostWish> hosts = new TreeMap<>();
        hosts.put("beta", hostWith("b", "203.0.113.0/29"));
        hosts.put("alpha", hostWith("a", "198.51.100.0/30"));
        GroupWish group = Wishes.group("exits", 6, Strategy.ONE_EACH, false, hosts);
        assertThat(Assignment.of(List.of(group), Lock.EMPTY, 8).lock().places())
                .extracting(RelayPlace::host)
                // Alpha has room for two; what it cannot take goes to beta.
                .containsExactly("alpha", "beta", "alpha", "beta", "beta", "beta");
    }

    /// Only an edit that takes the very place away moves a relay; its fingerprint stays, for its keys do.
    @Test
    void whoseAddressIsGoneMovesAlone() {
        Lock first = assign(3, Strategy.ONE_EACH, false, 8).lock();
        Lock before = first.with(first.places().stream()
                .map(place ->
                        place.withFingerprint(Integer.toString(place.number()).repeat(40)))
                .toList());
        AddressPool without = Wishes.pool("main", Wishes.ranges("198.51.100.0/29"), List.of(), "198.51.100.2");
        GroupWish group = Wishes.group("exits", 3, Strategy.ONE_EACH, false, PORTS, without);
        Assignment.Result result = Assignment.of(List.of(group), before, 8);
        assertThat(Wishes.places(result)).containsExactly("198.51.100.1:443", "198.51.100.4:443", "198.51.100.3:443");
        assertThat(result.lock().places())
                .extracting(RelayPlace::fingerprint)
                .containsExactly("1".repeat(40), "2".repeat(40), "3".repeat(40));
    }

    @Test
    void anotherPortKeepsTheAddress() {
        Lock before = assign(3, Strategy.SPREAD, false, 8).lock();
        GroupWish group = Wishes.group("exits", 3, Strategy.SPREAD, false, List.of(9030), SIX);
        assertThat(Wishes.places(Assignment.of(List.of(group), before, 8)))
                .containsExactly("198.51.100.1:9030", "198.51.100.2:9030", "198.51.100.3:9030");
    }

    private static HostWish hostWith(String pool, String ipv4) {
        List<AddressPool> pools = List.of(Wishes.pool(pool, Wishes.ranges(ipv4), List.of()));
        return new HostWish(pools, pools, PORTS);
    }

    private static Assignment.Result assign(int count, Strategy strategy, boolean ownExit, int relaysPerAddress) {
        GroupWish group = Wishes.group("exits", count, strategy, ownExit, PORTS, SIX);
        return Assignment.of(List.of(group), Lock.EMPTY, relaysPerAddress);
    }

    private static List<String> places(int count, Strategy strategy, boolean ownExit, int relaysPerAddress) {
        return Wishes.places(assign(count, strategy, ownExit, relaysPerAddress));
    }
}
