package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.world.SeededEntropy;

class CircuitTableTest {
    private static final int CIRCUITS = 1 << 12;
    private static final int SLOTS = 1 << 13;
    /// Of randomly thrown balls, as many as half the slots, 39 % of the slots are hit; an arithmetic progression may
    /// do a little worse under an unlucky secret, and much better. Colliding ids would hit a handful.
    private static final int SLOTS_HIT_MIN = SLOTS / 8;

    /// C tor's TROVE-2021-005: ids chosen to share a slot make every lookup a walk over all circuits of the link.
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void idsOfThePeersChoiceSpreadOverTheTable(String how, IntUnaryOperator id) {
        for (int seed = 0; seed < 200; seed++) {
            CircuitTable table = new CircuitTable(new SeededEntropy(seed));
            BitSet hit = new BitSet(SLOTS);
            for (int i = 0; i < CIRCUITS; i++) {
                hit.set(table.key(id.applyAsInt(i)) & (SLOTS - 1));
            }
            assertThat(hit.cardinality()).as("seed %d", seed).isGreaterThan(SLOTS_HIT_MIN);
        }
    }

    static Stream<Arguments> idsOfThePeersChoiceSpreadOverTheTable() {
        return Stream.of(
                Arguments.of("one after the other", (IntUnaryOperator) i -> i),
                Arguments.of("with the same low bits", (IntUnaryOperator) i -> i << 16),
                Arguments.of("with the same low and high bits", (IntUnaryOperator) i -> 0x8000_0007 | i << 12),
                Arguments.of("with the same middle", (IntUnaryOperator) i -> (i & 0x3F) | (i >> 6) << 26),
                Arguments.of("with the same high bits", (IntUnaryOperator) i -> 0x7FFF_0000 | i));
    }
}
