package sallyport.engine.onionservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.cell.ExtensionList.Extension;
import sallyport.engine.netdoc.NetworkParameters;

/// The rate of introductions; numbers of C tor's src/test/test_hs_dos.c.
class IntroductionRateTest {
    private static final ExtensionList NO_WISH = new ExtensionList(List.of());
    private static final int BURST = 200;
    private static final int RATE = 25;

    private final Map<String, Integer> voted = new HashMap<>(Map.of("HiddenServiceEnableIntroDoSDefense", 1));
    private long now = 1_000;

    @Test
    void aBurstPassesThenTheRate() {
        IntroductionRate rate = rate(NO_WISH);
        assertThat(rate.take(parameters(), now)).isTrue();
        now++;
        // Full again after a second: all but the last token of the bucket are good for one introduction.
        assertThat(passing(rate, BURST + 100)).isEqualTo(BURST - 1);
        now++;
        assertThat(passing(rate, 100)).isEqualTo(RATE - 1);
        now += 2;
        assertThat(passing(rate, 100)).isEqualTo(2 * RATE - 1);
        now += BURST / RATE + 1;
        assertThat(passing(rate, 1000)).isEqualTo(BURST - 1);
    }

    @Test
    void oneASecondAlwaysPasses() {
        IntroductionRate rate = rate(NO_WISH);
        for (int i = 0; i < 1000; i++) {
            now++;
            assertThat(rate.take(parameters(), now)).isTrue();
        }
        assertThat(passing(rate, 1000)).isEqualTo(BURST - 2);
    }

    @Test
    void withoutAVoteAndWithoutAWishAllPasses() {
        voted.clear();
        assertThat(passing(rate(NO_WISH), 10_000)).isEqualTo(10_000);
    }

    @Test
    void theVoteIsHeededWheneverItChanges() {
        voted.put("HiddenServiceEnableIntroDoSDefense", 0);
        IntroductionRate rate = rate(NO_WISH);
        assertThat(passing(rate, 1000)).isEqualTo(1000);
        voted.put("HiddenServiceEnableIntroDoSDefense", 1);
        voted.put("HiddenServiceEnableIntroDoSBurstPerSec", 10);
        voted.put("HiddenServiceEnableIntroDoSRatePerSec", 5);
        assertThat(passing(rate, 1000)).isEqualTo(9);
        now++;
        assertThat(passing(rate, 1000)).isEqualTo(4);
        // Of nothing a second nothing can be made: C tor divides by it.
        voted.put("HiddenServiceEnableIntroDoSRatePerSec", 0);
        assertThat(passing(rate, 1000)).isEqualTo(1000);
    }

    /// C tor's bug 40109: what the authorities voted overwrote what the service had asked for.
    @Test
    void theServicesWishOutlastsEveryVote() {
        IntroductionRate rate = rate(list(OnionMessages.rate(17, 42)));
        voted.put("HiddenServiceEnableIntroDoSBurstPerSec", 1000);
        assertThat(passing(rate, 1000)).isEqualTo(41);
        voted.put("HiddenServiceEnableIntroDoSDefense", 0);
        now++;
        assertThat(passing(rate, 1000)).isEqualTo(16);
    }

    @Test
    void wishesThatMakeNoSenseSwitchTheDefenceOff() {
        long[][] none = {{0, 0}, {0, 5}, {5, 0}, {42, 40}, {-1, 42}, {42, -1}, {1L << 31, 1L << 31}};
        for (long[] wish : none) {
            assertThat(passing(rate(list(OnionMessages.rate(wish[0], wish[1]))), 1000))
                    .as(wish[0] + " a second, " + wish[1] + " at once")
                    .isEqualTo(1000);
        }
        assertThat(passing(rate(list(OnionMessages.rate(Integer.MAX_VALUE, Integer.MAX_VALUE))), 1000))
                .isEqualTo(1000);
    }

    @Test
    void whatCannotBeReadIsNoWish() {
        byte[] good = OnionMessages.rate(1, 2).body();
        byte[] unknownParameter = good.clone();
        unknownParameter[10] = 3;
        byte[] oneMore = good.clone();
        oneMore[0] = 3;
        for (byte[] bad : List.of(unknownParameter, oneMore, new byte[0], java.util.Arrays.copyOf(good, 18))) {
            assertThat(passing(rate(list(new Extension(1, bad))), 1000)).isEqualTo(BURST - 1);
        }
        // Only one of both: the other is zero, and that means off.
        byte[] onlyRate = new Writer().u8(1).u8(1).u64(5).toBytes();
        assertThat(passing(rate(list(new Extension(1, onlyRate))), 1000)).isEqualTo(1000);
        assertThat(passing(rate(list(new Extension(1, new byte[1]))), 1000)).isEqualTo(1000);
    }

    @Test
    void theLastOfSeveralWishesCounts() {
        ExtensionList both = new ExtensionList(
                List.of(new Extension(9, new byte[3]), OnionMessages.rate(100, 100), OnionMessages.rate(2, 3)));
        assertThat(passing(rate(both), 1000)).isEqualTo(2);
    }

    private int passing(IntroductionRate rate, int introductions) {
        int passed = 0;
        for (int i = 0; i < introductions; i++) {
            passed += rate.take(parameters(), now) ? 1 : 0;
        }
        return passed;
    }

    private IntroductionRate rate(ExtensionList extensions) {
        return new IntroductionRate(extensions, parameters(), now);
    }

    private NetworkParameters parameters() {
        return new NetworkParameters(voted);
    }

    private static ExtensionList list(Extension extension) {
        return new ExtensionList(List.of(extension));
    }
}
