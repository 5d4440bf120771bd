package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Versions of C tor 0.4.9.11, test_dir.c, test_dir_versions.
class TorVersionTest {
    @ParameterizedTest
    @CsvSource({
        "0.3.4pre2-cvs, 0, 3, 4, 0, 2, cvs",
        "0.3.4rc1, 0, 3, 4, 1, 1, ''",
        "1.3.4, 1, 3, 4, 2, 0, ''",
        "1.3.4.999, 1, 3, 4, 2, 999, ''",
        "Tor 0.1.2.4-alpha, 0, 1, 2, 2, 4, alpha",
        "10.1, 10, 1, 0, 2, 0, ''",
        "10.1-alpha, 10, 1, 0, 2, 0, alpha",
        "2.1.700-alpha, 2, 1, 700, 2, 0, alpha",
        "1.6.8-alpha-dev, 1, 6, 8, 2, 0, alpha-dev",
        "0.2147483647.0, 0, 2147483647, 0, 2, 0, ''",
    })
    void isRead(String text, int major, int minor, int micro, int stage, int patch, String tag) {
        assertThat(TorVersion.parse(text)).isEqualTo(new TorVersion(major, minor, micro, stage, patch, tag, 0, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.2147483648.0",
                "0.-1.0",
                "0.-0.0",
                "+1.0.0",
                "0.\t0.0",
                "0. 0.0",
                "0",
                "1.2.3x",
                "BetterTor 0.0.1",
                "0.4.9.11 (git-xy)"
            })
    void whatIsNoneIsNotRead(String text) {
        assertThat(TorVersion.parse(text)).isNull();
    }

    @Test
    void listsHaveAnOrder() {
        List<String> sorted = List.of(
                "0.3.4pre2",
                "0.3.4rc1",
                "0.3.4",
                "0.3.4.1",
                "0.3.4.2-alpha",
                "0.3.4.2-alpha-dev",
                "0.3.4.2-alpha-dev (git-00)",
                "0.3.4.2-alpha-dev (git-01)",
                "Tor 0.3.4.2-rc",
                "0.3.4.10",
                "0.4",
                "neither",
                "nor");
        List<String> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(TorVersion.TEXTS);
        assertThat(shuffled).isEqualTo(sorted);
    }
}
