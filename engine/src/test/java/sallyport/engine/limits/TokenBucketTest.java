package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static int taken(TokenBucket bucket) {
        int taken = 0;
        while (bucket.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void beginsFullAndFillsByWholeSeconds() {
        TokenBucket bucket = new TokenBucket(10, 100);
        assertThat(taken(bucket)).isEqualTo(10);
        bucket.refill(3, 10, 100);
        assertThat(bucket.isEmpty()).isTrue();
        bucket.refill(3, 10, 102);
        assertThat(taken(bucket)).isEqualTo(6);
        bucket.refill(3, 10, 1_000);
        assertThat(taken(bucket)).isEqualTo(10);
    }

    @Test
    void aSmallerBurstHoldsAtOnce() {
        TokenBucket bucket = new TokenBucket(10, 0);
        bucket.refill(1, 4, 0);
        assertThat(taken(bucket)).isEqualTo(4);
    }

    @Test
    void theLargestNumbersDoNotWrapAround() {
        TokenBucket bucket = new TokenBucket(Integer.MAX_VALUE, 0);
        assertThat(bucket.take()).isTrue();
        bucket.refill(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
        assertThat(bucket.isFull(Integer.MAX_VALUE)).isTrue();
        assertThat(bucket.isEmpty()).isFalse();
    }

    /// Whatever the order of looks: never more than the burst, and over any time never more than burst and rate allow.
    @Test
    void neverLetsMoreThroughThanBurstAndRate() {
        Random random = new Random(1);
        for (int run = 0; run < 100; run++) {
            int rate = 1 + random.nextInt(5);
            int burst = 1 + random.nextInt(20);
            TokenBucket bucket = new TokenBucket(burst, 0);
            long second = 0;
            int through = 0;
            for (int i = 0; i < 500; i++) {
                second += random.nextInt(3);
                bucket.refill(rate, burst, second);
                through += bucket.take() ? 1 : 0;
                assertThat(through).isLessThanOrEqualTo((int) (burst + rate * second));
            }
        }
    }
}
