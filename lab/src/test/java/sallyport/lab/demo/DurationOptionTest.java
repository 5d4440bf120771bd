package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationOptionTest {
    private final DurationOption option = new DurationOption();

    @Test
    void takesSecondsMinutesAndHours() {
        assertThat(option.convert("90")).isEqualTo(Duration.ofSeconds(90));
        assertThat(option.convert("0s")).isEqualTo(Duration.ZERO);
        assertThat(option.convert("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(option.convert("24h")).isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1", "1.5h", "25h", "10 m", "1d", "9999999"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> option.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
