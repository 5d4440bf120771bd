package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.accounting.Overload;

class MemoryBudgetTest {
    private static final long MB = 1_000_000;

    private final LimitsWorld world = new LimitsWorld();
    private final MemoryBudget budget = new MemoryBudget(world, 10 * MB);

    /// One relay: what came first goes first, and no more than must.
    @Test
    void theOldestIsClosedFirstUntilTenPercentAreFree() {
        Holders relay = new Holders("a");
        for (int i = 0; i < 10; i++) {
            relay.hold(MB, 1000 - i);
        }
        assertThat(relay.closed).isEmpty();
        relay.hold(MB, 5000);
        world.turn();
        assertThat(relay.closed).containsExactly(991L, 992L);
        assertThat(relay.account.held()).isEqualTo(9 * MB);
        assertThat(budget.heldBytes()).isEqualTo(9 * MB);
    }

    /// The relay under attack pays, however old the others' data is.
    @Test
    void whoHoldsLessThanItsShareLosesNothing() {
        Holders flooded = new Holders("flooded");
        Holders quiet = new Holders("quiet");
        Holders middling = new Holders("middling");
        quiet.hold(MB, 1);
        middling.hold(2 * MB, 2);
        for (int i = 0; i < 8; i++) {
            flooded.hold(MB, 1000 + i);
        }
        world.turn();
        assertThat(quiet.closed).isEmpty();
        assertThat(middling.closed).isEmpty();
        assertThat(flooded.closed).containsExactly(1000L, 1001L);
        assertThat(budget.heldBytes()).isEqualTo(9 * MB);
    }

    /// Two that flood alike give up alike.
    @Test
    void equalFloodsPayEqually() {
        Holders a = new Holders("a");
        Holders b = new Holders("b");
        for (int i = 0; i < 11; i++) {
            a.hold(MB / 2, i);
            b.hold(MB / 2, 5000 + i);
        }
        world.turn();
        assertThat(a.account.held()).isLessThanOrEqualTo(9 * MB / 2).isGreaterThan(3 * MB);
        assertThat(b.account.held()).isLessThanOrEqualTo(9 * MB / 2).isGreaterThan(3 * MB);
    }

    /// A cache or a crowd of half-open links must not cost anybody a circuit.
    @Test
    void whatIsNoCircuitIsTrimmedBeforeCircuitsPay() {
        Holders relay = new Holders("a");
        relay.account.relief().from(MemoryKind.DNS, bytes -> relay.account.set(MemoryKind.DNS, bytes));
        relay.hold(7 * MB, 1);
        relay.account.set(MemoryKind.DNS, 4 * MB);
        world.turn();
        assertThat(relay.closed).isEmpty();
        assertThat(relay.account.held(MemoryKind.DNS)).isEqualTo((10 * MB / 100 * 90) / 10);
        assertThat(relay.account.relief().freedBytes(MemoryKind.DNS)).isEqualTo(4 * MB - 900_000);
        assertThat(relay.account.relief().freedBytes()).isEqualTo(4 * MB - 900_000);
    }

    /// What cannot be closed must not keep the loop busy looking for it; and it is said once.
    @Test
    void reliefThatCannotHelpIsNotTriedAtEveryQuantum() {
        Holders relay = new Holders("a");
        relay.account.add(MemoryKind.STREAMS, 20 * MB);
        for (int i = 0; i < 100; i++) {
            relay.account.add(MemoryKind.STREAMS, MemoryAccount.QUANTUM_BYTES);
            world.turn();
        }
        assertThat(relay.offered).isEqualTo(1);
        world.nanos += 200_000_000;
        relay.account.add(MemoryKind.STREAMS, MemoryAccount.QUANTUM_BYTES);
        world.turn();
        assertThat(relay.offered).isEqualTo(2);
        assertThat(world.lines).singleElement().asString().startsWith("WARN a memory in queues is short");
    }

    /// Streams in use are the last to go, however old their data is beside that of others.
    @Test
    void theUsualOrderSparesStreamsInUse() {
        assertThat(closedUnder(Shedding.DEFAULT)).containsExactly("directory", "circuits");
    }

    @Test
    void anotherOrderHasOthersSuffer() {
        List<Shedding> order = new ArrayList<>(Shedding.DEFAULT);
        Collections.reverse(order);
        assertThat(closedUnder(order)).containsExactly("streams", "streams");
    }

    /// Whose data nobody takes is not in use, whatever it is.
    @Test
    void whatIsStalledGoesBeforeWhatIsInUse() {
        world.nanos = MemoryRelief.STALLED_NANOS + 5000;
        Holders relay = new Holders("a");
        relay.hold(2 * MB, Shedding.STREAMS, 5000);
        relay.hold(2 * MB, Shedding.STREAMS, 5001);
        relay.hold(7 * MB, Shedding.CIRCUITS, 5001);
        world.turn();
        assertThat(relay.closed).containsExactly(5000L);
        relay.hold(3 * MB, Shedding.DIRECTORY, 5001);
        world.turn();
        assertThat(relay.closed).containsExactly(5000L, 5001L);
    }

    /// What had to give way is refused when it comes anew, for some seconds, and nothing that was not
    /// needed.
    @Test
    void whatGaveWayIsRefusedForAWhile() {
        Holders relay = new Holders("a");
        MemoryRelief relief = relay.account.relief();
        relief.from(MemoryKind.HANDSHAKES, bytes -> relay.account.set(MemoryKind.HANDSHAKES, bytes));
        relay.account.set(MemoryKind.HANDSHAKES, 11 * MB);
        assertThat(relief.refuses(Shedding.NEW_HANDSHAKES)).isFalse();
        world.turn();
        assertThat(relief.refuses(Shedding.NEW_HANDSHAKES)).isTrue();
        assertThat(relief.refuses(Shedding.DIRECTORY))
                .as("there was room before its turn")
                .isFalse();
        world.nanos += MemoryRelief.REFUSING_NANOS;
        assertThat(relief.refuses(Shedding.NEW_HANDSHAKES)).isFalse();
        relay.hold(11 * MB, Shedding.CIRCUITS, world.nanos);
        world.turn();
        assertThat(relief.refuses(Shedding.DIRECTORY)).isTrue();
    }

    /// Caches go when their turn is, even small ones at last.
    @Test
    void theOrderHoldsForCaches() {
        List<Shedding> order = new ArrayList<>(Shedding.DEFAULT);
        order.remove(Shedding.CACHES);
        order.add(Shedding.CACHES);
        budget.follow(order);
        Holders relay = new Holders("a");
        relay.account.relief().from(MemoryKind.DNS, bytes -> relay.account.set(MemoryKind.DNS, bytes));
        relay.account.set(MemoryKind.DNS, 4 * MB);
        relay.hold(MB, Shedding.CIRCUITS, world.nanos);
        relay.hold(6 * MB, Shedding.CIRCUITS, world.nanos);
        world.turn();
        assertThat(relay.account.held(MemoryKind.DNS)).isEqualTo(4 * MB);
        assertThat(relay.closed).hasSize(2);
    }

    @Test
    void anOrderNamesEachKindOnce() {
        assertThatThrownBy(() -> new Sharing(BandwidthBudget.NO_LIMIT, List.of(Shedding.STREAMS)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// One relay with 4 MB of each kind that circuits can be; 12 MB are 3 MB too many.
    private List<String> closedUnder(List<Shedding> order) {
        budget.follow(order);
        Holders relay = new Holders("a");
        List<Shedding> kinds = List.of(Shedding.STREAMS, Shedding.CIRCUITS, Shedding.DIRECTORY);
        for (Shedding kind : kinds) {
            relay.hold(2 * MB, kind, kinds.indexOf(kind));
        }
        relay.hold(6 * MB, kinds.getFirst(), 1000);
        List<String> words = relay.closedKinds;
        world.turn();
        return words;
    }

    @Test
    void smallChangesTouchNothingShared() {
        Holders relay = new Holders("a");
        for (int i = 0; i < 1000; i++) {
            relay.account.add(MemoryKind.CELLS, 568);
            relay.account.add(MemoryKind.CELLS, -568);
        }
        assertThat(budget.heldBytes()).isZero();
        relay.account.add(MemoryKind.CELLS, MemoryAccount.QUANTUM_BYTES - 1);
        assertThat(budget.heldBytes()).isZero();
        relay.account.add(MemoryKind.CELLS, 1);
        assertThat(budget.heldBytes()).isEqualTo(MemoryAccount.QUANTUM_BYTES);
    }

    @Test
    void aStoppedRelayStaysCountedUntilItsLastByte() {
        Holders gone = new Holders("gone");
        Holders stays = new Holders("stays");
        gone.account.add(MemoryKind.STREAMS, MB + 5);
        gone.account.retire();
        for (int i = 0; i < 10; i++) {
            stays.hold(MB, i);
        }
        world.turn();
        assertThat(budget.heldBytes()).isLessThanOrEqualTo(9 * MB + 5);
        gone.account.add(MemoryKind.STREAMS, -MB - 5);
        assertThat(budget.heldBytes()).isEqualTo(stays.account.held());
    }

    /// The level that is asked for leaves exactly what may be retained, and asks only those above it.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theFairShareFillsWhatMayBeRetained(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            long[] held = random.longs(1 + random.nextInt(20), 0, 1_000_000).toArray();
            long sum = Arrays.stream(held).sum();
            long retained = random.nextLong(sum + 1);
            long share = FairShare.level(held, retained);
            long left = Arrays.stream(held).map(h -> Math.min(h, share)).sum();
            assertThat(left).isBetween(Math.max(0, retained - held.length), retained);
        }
    }

    /// One relay that holds blocks of memory, each of which can be closed.
    private final class Holders {
        private record Block(long bytes, Shedding what, long sinceNanos) {}

        final MemoryAccount account;
        final List<Block> blocks = new ArrayList<>();
        final List<Long> closed = new ArrayList<>();
        final List<String> closedKinds = new ArrayList<>();
        int offered;

        Holders(String relay) {
            account = budget.open(relay, world.loop(), world.faults, new Overload(world));
            account.relief().from(this::offer);
        }

        void hold(long bytes, long sinceNanos) {
            hold(bytes, Shedding.CIRCUITS, sinceNanos);
        }

        void hold(long bytes, Shedding what, long sinceNanos) {
            blocks.add(new Block(bytes, what, sinceNanos));
            account.add(MemoryKind.CELLS, bytes);
        }

        private void offer(MemoryRelief.Offers offers) {
            offered++;
            for (Block block : blocks) {
                offers.offer(block.what(), block.sinceNanos(), () -> close(block));
            }
        }

        private void close(Block block) {
            blocks.remove(block);
            closed.add(block.sinceNanos());
            closedKinds.add(block.what().word());
            account.add(MemoryKind.CELLS, -block.bytes());
        }
    }
}
