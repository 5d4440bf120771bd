package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A bucket of bytes over time.
class ByteBucketTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aDebtIsPaidBeforeAnythingPasses() {
        ByteBucket bucket = new ByteBucket(new Rate(1000, 2000), 0);
        bucket.took(5000);
        bucket.refill(SECOND);
        assertThat(bucket.bytes()).isEqualTo(-2000);
        bucket.refill(4 * SECOND);
        assertThat(bucket.bytes()).isEqualTo(1000);
        bucket.refill(100 * SECOND);
        assertThat(bucket.bytes()).isEqualTo(2000);
    }

    /// Looking more often than bytes come must not lose them.
    @Test
    void noTimeIsLostHoweverOftenOneLooks() {
        SplittableRandom random = new SplittableRandom(5);
        for (long rate : new long[] {1, 7, 1000, 76_800, 1_234_567, Integer.MAX_VALUE}) {
            ByteBucket bucket = new ByteBucket(new Rate(rate, 1L << 40), 0);
            bucket.took(1L << 40);
            long now = 0;
            for (int i = 0; i < 10_000; i++) {
                now += random.nextLong(2_000_000);
                bucket.refill(now);
            }
            double exact = (double) now * rate / SECOND;
            assertThat((double) bucket.bytes()).as("rate %d", rate).isBetween(exact * 0.999 - 1, exact * 1.001 + 1);
        }
    }

    @Test
    void aClockThatStandsStillOrStepsBackAddsNothing() {
        ByteBucket bucket = new ByteBucket(new Rate(1000, 1000), 50 * SECOND);
        bucket.took(1000);
        bucket.refill(50 * SECOND);
        bucket.refill(20 * SECOND);
        assertThat(bucket.bytes()).isZero();
        bucket.refill(50 * SECOND + SECOND / 2);
        assertThat(bucket.bytes()).isEqualTo(500);
    }

    /// Far beyond what a bucket holds, and beyond what nanoseconds times bytes fit in.
    @Test
    void yearsOfSilenceFillIt() {
        ByteBucket bucket = new ByteBucket(new Rate(Integer.MAX_VALUE, Integer.MAX_VALUE), 0);
        bucket.took(Integer.MAX_VALUE);
        bucket.refill(Long.MAX_VALUE);
        assertThat(bucket.bytes()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void anotherRateKeepsNoMoreThanItsBurst() {
        ByteBucket bucket = new ByteBucket(new Rate(1000, 5000), 0);
        bucket.follow(new Rate(10, 100), SECOND);
        assertThat(bucket.bytes()).isEqualTo(100);
        bucket.took(200);
        bucket.follow(new Rate(1000, 5000), SECOND);
        assertThat(bucket.bytes()).isEqualTo(-100);
    }
}
