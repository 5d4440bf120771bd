package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FreeMemoryTest {
    private static final String MEMINFO =
            "MemTotal:        4194304 kB\nMemFree:          102400 kB\n" + "MemAvailable:    2097152 kB\n";

    @Test
    void whatCachesHoldIsAvailable() throws Exception {
        assertThat(FreeMemory.availableMebibytes(MEMINFO, 4096, 100)).isEqualTo(2048);
    }

    @Test
    void aContainersLimitComesFirst() throws Exception {
        assertThat(FreeMemory.availableMebibytes(MEMINFO, 1024, 700)).isEqualTo(700);
    }

    @Test
    void tooLittleIsRefusedWithTheFigures() {
        assertThatThrownBy(() -> FreeMemory.require(5, 819))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("with 5 exits takes 820 MiB, and 819 are available");
        assertThatCode(() -> FreeMemory.require(5, 820)).doesNotThrowAnyException();
    }

    @Test
    void anotherSystemIsNamed() {
        assertThatThrownBy(() -> FreeMemory.availableMebibytes("", 1, 1)).hasMessageContaining("needs Linux");
    }
}
