package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.netdoc.NetworkParameters;

class StreamLimiterTest {
    private final StreamLimiter limiter = new StreamLimiter();

    private static NetworkParameters voted(Map<String, Integer> more) {
        Map<String, Integer> all = new HashMap<>(more);
        all.put("DoSStreamCreationEnabled", 1);
        return new NetworkParameters(all);
    }

    private int allowed(NetworkParameters voted, int attempts, long second) throws ProtocolViolation {
        int allowed = 0;
        for (int i = 0; i < attempts; i++) {
            allowed += limiter.allows(voted, second) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void limitsNothingUnlessTheAuthoritiesWantIt() throws Exception {
        assertThat(allowed(NetworkParameters.NONE, 10_000, 0)).isEqualTo(10_000);
    }

    @Test
    void letsThreeHundredThroughAtOnceAndAHundredASecond() throws Exception {
        assertThat(allowed(voted(Map.of()), 1_000, 5)).isEqualTo(300);
        assertThat(allowed(voted(Map.of()), 1_000, 6)).isEqualTo(100);
    }

    @Test
    void typeOneOnlyDetects() throws Exception {
        assertThat(allowed(voted(Map.of("DoSStreamCreationDefenseType", 1)), 1_000, 0))
                .isEqualTo(1_000);
    }

    @Test
    void typeThreeEndsTheCircuit() throws Exception {
        NetworkParameters voted = voted(Map.of("DoSStreamCreationDefenseType", 3, "DoSStreamCreationBurst", 1));
        assertThat(limiter.allows(voted, 0)).isTrue();
        assertThatThrownBy(() -> limiter.allows(voted, 0))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.reasonCode()).isEqualTo(DestroyReason.RESOURCELIMIT.code()));
    }
}
