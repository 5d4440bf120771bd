package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
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
            long share = MemoryBudget.fairShare(held, retained);
            long left = Arrays.stream(held).map(h -> Math.min(h, share)).sum();
            assertThat(left).isBetween(Math.max(0, retained - held.length), retained);
        }
    }

    /// One relay that holds blocks of memory, each of which can be closed.
    private final class Holders {
        private record Block(long bytes, long sinceNanos) {}

        final MemoryAccount account;
        final List<Block> blocks = new ArrayList<>();
        final List<Long> closed = new ArrayList<>();
        int offered;

        Holders(String relay) {
            account = budget.open(relay, world.loop(), world.faults, new Overload(world));
            account.relief().from(this::offer);
        }

        void hold(long bytes, long sinceNanos) {
            blocks.add(new Block(bytes, sinceNanos));
            account.add(MemoryKind.CELLS, bytes);
        }

        private void offer(MemoryRelief.Offers offers) {
            offered++;
            for (Block block : blocks) {
                offers.offer(block.sinceNanos(), () -> close(block));
            }
        }

        private void close(Block block) {
            blocks.remove(block);
            closed.add(block.sinceNanos());
            account.add(MemoryKind.CELLS, -block.bytes());
        }
    }
}
