package sallyport.supervisor.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.supervisor.assignment.GroupWish.HostWish;

/// Random histories of a fleet: groups grow, shrink, come and go, pools are added and listed in another order, the
/// strategy and the limit change. Nobody who stays may move, ever.
class AssignmentPropertyTest {
    private static final int EDITS = 30;
    private static final List<Integer> PORTS = List.of(443, 9001, 9002, 9003);

    private static final class History {
        private final Random random;
        private final List<AddressPool> alpha = new ArrayList<>();
        private final List<AddressPool> beta = new ArrayList<>();
        private final NavigableMap<String, Integer> counts = new TreeMap<>();
        private final Map<String, Strategy> strategies = new HashMap<>();
        private final Map<String, Boolean> ownExit = new HashMap<>();
        private int pools;
        private int limit = 8;

        History(long seed) {
            this.random = new Random(seed);
            addPool();
            addPool();
            counts.put("exits", 3);
        }

        void edit() {
            String group = List.of("exits", "guards", "web").get(random.nextInt(3));
            switch (random.nextInt(7)) {
                case 0, 1 -> counts.merge(group, 1 + random.nextInt(12), Integer::sum);
                case 2 -> counts.computeIfPresent(group, (_, count) -> Math.max(1, count - random.nextInt(6)));
                case 3 -> addPool();
                case 4 -> Collections.shuffle(random.nextBoolean() ? alpha : beta, random);
                case 5 -> {
                    strategies.put(
                            group,
                            List.of(Strategy.SPREAD, Strategy.DENSE, Strategy.ONE_EACH)
                                    .get(random.nextInt(3)));
                    limit = 1 + random.nextInt(8);
                }
                default -> counts.remove(group);
            }
        }

        /// A group that is new has its exits as it likes; nobody gets or loses exit addresses afterwards.
        List<GroupWish> groups() {
            NavigableMap<String, HostWish> hosts = new TreeMap<>();
            hosts.put("alpha", new HostWish(alpha, alpha, PORTS));
            hosts.put("beta", new HostWish(beta, beta, PORTS));
            return counts.entrySet().stream()
                    .map(group -> Wishes.group(
                            group.getKey(),
                            group.getValue(),
                            strategies.getOrDefault(group.getKey(), Strategy.SPREAD),
                            ownExit.computeIfAbsent(group.getKey(), _ -> random.nextBoolean()),
                            hosts))
                    .toList();
        }

        private void addPool() {
            int n = pools++;
            List<IpRange> ipv6 =
                    n % 3 == 0 ? List.of() : Wishes.ranges("2001:db8:" + Integer.toHexString(n + 1) + "::/64");
            AddressPool pool = Wishes.pool(
                    "p" + n, Wishes.ranges("10." + n + ".0.0/27"), ipv6, "10." + n + ".0.1-10." + n + ".0.3");
            (n % 2 == 0 ? alpha : beta).add(pool);
        }
    }

    @ParameterizedTest
    @MethodSource
    void nobodyWhoStaysMoves(long seed) {
        History history = new History(seed);
        Lock lock = Lock.EMPTY;
        for (int i = 0; i < EDITS; i++) {
            List<GroupWish> groups = history.groups();
            Assignment.Result result = Assignment.of(groups, lock, history.limit);
            for (RelayPlace place : result.lock().places()) {
                Optional<RelayPlace> before = lock.place(place.group(), place.number());
                assertThat(before.isEmpty() || place.isSamePlace(before.get()))
                        .as("seed %d, edit %d: %s was %s", seed, i, place, before)
                        .isTrue();
            }
            assertThat(result.lock().places().size()
                            + result.unplaced().stream()
                                    .mapToInt(unplaced -> unplaced.numbers().size())
                                    .sum())
                    .as("seed %d, edit %d", seed, i)
                    .isEqualTo(groups.stream()
                            .mapToInt(group -> group.relays().size())
                            .sum());
            isSound(result.lock(), seed);
            // The same wishes and the same lock give the same bytes, also when the lock comes from its file.
            assertThat(Assignment.of(groups, lock, history.limit).lock().text())
                    .isEqualTo(result.lock().text());
            LockReader.Reading read = LockReader.read(result.lock().text());
            assertThat(read.faults()).as("seed %d", seed).isEmpty();
            assertThat(read.lock()).as("seed %d", seed).isEqualTo(result.lock());
            if (result.unplaced().isEmpty()) {
                assertThat(Assignment.of(groups, result.lock(), history.limit).lock())
                        .isEqualTo(result.lock());
            }
            lock = read.lock();
            history.edit();
        }
    }

    static List<Long> nobodyWhoStaysMoves() {
        return IntStream.range(0, 40).mapToObj(Long::valueOf).toList();
    }

    private static void isSound(Lock lock, long seed) {
        Set<String> sockets = new HashSet<>();
        Set<String> exits = new HashSet<>();
        Set<String> listening = new HashSet<>();
        for (RelayPlace place : lock.places()) {
            for (String address : place.addresses().all()) {
                assertThat(sockets.add(address + " " + place.port()))
                        .as("seed %d: %s", seed, place)
                        .isTrue();
                listening.add(address);
            }
            assertThat(place.addresses().ipv4()).as("reserved").doesNotMatch("10\\.\\d+\\.0\\.([0123]|31)");
            if (!place.exit().isNone()) {
                assertThat(exits.addAll(place.exit().all()))
                        .as("seed %d: %s", seed, place)
                        .isTrue();
            }
        }
        assertThat(Collections.disjoint(exits, listening)).as("seed %d", seed).isTrue();
    }
}
