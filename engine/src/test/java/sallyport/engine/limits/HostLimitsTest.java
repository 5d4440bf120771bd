package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.accounting.Tally;
import sallyport.engine.world.Resources;

class HostLimitsTest {
    /// All in MiB; wanted 0 means derived.
    @ParameterizedTest
    @CsvSource({
        "1000, 1000, 0, 400",
        "1000, 500, 0, 200",
        "500, 1000, 0, 200",
        "20, 20, 0, 16",
        "100000, 100000, 0, 8192",
        "1000, 1000, 600, 600",
        "1000, 1000, 751, 750",
        "1000, 1000, 1, 16",
        "16, 16, 600, 16",
        "100000, 100000, 20000, 20000",
    })
    void memoryIsDerivedAndClamped(long heap, long direct, long wanted, long expected) {
        Resources has = new Resources(heap << 20, direct << 20, 1024);
        assertThat(HostLimits.memoryLimit(has, wanted << 20) >> 20).isBetween(expected - 1, expected);
    }

    /// Each time counts for the operator; the descriptor tells in how many minutes.
    @Test
    void aLimitThatHoldsTrafficUpIsCounted() {
        LimitsWorld world = new LimitsWorld();
        InstanceLimits limits = TestLimits.of(world, Long.MAX_VALUE, 10, 10).open("test", world.loop(), world.faults);
        Rate slow = new Rate(1024, 1024);
        limits.bandwidth().follow(new BandwidthRates(slow, Rate.UNLIMITED, slow.bytesPerSecond(), 0, 0, true));
        for (int i = 0; i < 3; i++) {
            exhaust(limits.bandwidth().reading());
        }
        exhaust(limits.bandwidth().writing());
        assertThat(world.faults.tallies().snapshot())
                .containsEntry(Tally.READ_LIMIT_REACHED, 3L)
                .containsEntry(Tally.WRITE_LIMIT_REACHED, 1L);
        assertThat(limits.overload().seen().reads()).isEqualTo(1);
    }

    /// Somebody takes what there is and wants more.
    private static void exhaust(Throttle throttle) {
        Throttled greedy = new Throttled(throttle, () -> false, false) {
            @Override
            protected boolean go() {
                return false;
            }
        };
        while (greedy.mayGo()) {
            greedy.took(greedy.shareBytes());
        }
    }

    @ParameterizedTest
    @CsvSource({"1024, 768", "256, 128", "512, 256", "1048576, 1048320", "9223372036854775807, 2147483391"})
    void fdsOfTheProcessItselfAreSetAside(long limit, int usable) {
        assertThat(HostLimits.usableFds(limit)).isEqualTo(usable);
    }
}
