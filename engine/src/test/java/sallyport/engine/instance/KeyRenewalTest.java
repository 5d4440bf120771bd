package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.NetworkParameters;

class KeyRenewalTest {
    /// The usual seven days are no default where keys live for two.
    @Test
    void previousKeysServeNoLongerThanTheCurrentOnes() {
        NetworkParameters nothing = new NetworkParameters(Map.of());
        assertThat(KeyRenewal.graceDays(nothing, 28)).isEqualTo(7);
        assertThat(KeyRenewal.graceDays(nothing, 2)).isEqualTo(2);
        assertThat(KeyRenewal.graceDays(nothing, 1)).isEqualTo(1);
        NetworkParameters voted = new NetworkParameters(Map.of("onion-key-grace-period-days", 5));
        assertThat(KeyRenewal.graceDays(voted, 28)).isEqualTo(5);
        assertThat(KeyRenewal.graceDays(voted, 3)).isEqualTo(3);
    }
}
