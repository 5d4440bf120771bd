package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReachabilityTest {
    private final Reachability reachability = new Reachability(false);
    private int told;

    @Test
    void whatIsAssumedNeedsNoProof() {
        reachability.whenShown(() -> told++);
        assertThat(reachability.isShown()).isFalse();
        assertThat(told).isZero();

        reachability.assume(true);
        assertThat(reachability.isShown()).isTrue();
        assertThat(told).isOne();
        reachability.whenShown(() -> told++);
        assertThat(told).as("with one that comes later").isEqualTo(2);
    }

    @Test
    void whatIsAssumedHoldsForTheNextAddressToo() {
        reachability.assume(true);
        reachability.forget();
        assertThat(reachability.isShown()).isTrue();

        reachability.assume(false);
        assertThat(reachability.isShown()).as("without proof").isFalse();
    }
}
