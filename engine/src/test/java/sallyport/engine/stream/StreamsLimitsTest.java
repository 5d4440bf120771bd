package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Shedding;

/// What streams hold is counted, and given back at once when memory is short.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamsLimitsTest {
    private static final int CELL = 498;
    private static final int HELD_BYTES = 100_000;
    // Both buffers of a loopback connection at their largest.
    private static final int KERNEL_BYTES_MAX = 64 << 20;
    private static final int CELLS_AT_ONCE = 50;
    private static final Duration SETTLED = Duration.ofSeconds(1);
    private static final int BUDGET_BYTES = 16 << 20;
    private static final int STREAMS = 40;

    @TempDir
    Path directory;

    private StreamsFixture fixture;
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        fixture = new StreamsFixture(directory, BUDGET_BYTES, STREAMS);
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        fixture.close();
    }

    /// Servers that do not read: what the kernel does not take waits here, and leaves with the circuit,
    /// not after it.
    @Test
    void bytesForServersThatDoNotReadAreCountedAndDropped() throws Exception {
        int port = fixture.serve(_ -> over.await());
        fixture.begin(1, "127.0.0.1:" + port);
        assertThat(fixture.answer(1)).startsWith("4 ");
        fillUp();
        assertThat(fixture.onLoop(() -> fixture.streams().oldestNanos())).isNotNull();
        // The client is gone; what it sent would be waited for in vain.
        fixture.onLoop(() -> {
            fixture.streams().dropAll();
            return null;
        });
        assertThat(fixture.onLoop(() -> fixture.limits.fds().used())).isZero();
        assertThat(held()).isZero();
    }

    /// A connection that lingers for its last bytes is nobody's circuit any more, and yet must be found.
    @Test
    void whatLingersIsClosedWhenMemoryIsShort() throws Exception {
        int port = fixture.serve(_ -> over.await());
        fixture.begin(1, "127.0.0.1:" + port);
        assertThat(fixture.answer(1)).startsWith("4 ");
        fillUp();
        fixture.end(1);
        assertThat(held()).isGreaterThanOrEqualTo(HELD_BYTES);
        // Another holds more than the whole budget.
        fixture.onLoop(() -> {
            fixture.limits.memory().add(MemoryKind.CELLS, BUDGET_BYTES);
            return null;
        });
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> fixture.faults.snapshot().containsKey("memory: closed for waiting longest"));
        assertThat(held()).isZero();
        assertThat(fixture.onLoop(() -> fixture.limits.fds().used())).isZero();
        fixture.onLoop(() -> {
            fixture.limits.memory().add(MemoryKind.CELLS, -BUDGET_BYTES);
            return null;
        });
    }

    /// Memory was short, and the turn of directory requests had come: nobody begins one for a while.
    @Test
    void directoryRequestsAreRefusedWhileMemoryIsShort() throws Exception {
        fixture.directory = (_, _) -> {
            throw new AssertionError("nobody may ask the directory");
        };
        hold(BUDGET_BYTES + 1L);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        fixture.onLoop(() -> fixture.limits.memory().relief().refuses(Shedding.DIRECTORY)));
        fixture.message(RelayCommand.BEGIN_DIR, 1, new byte[0]);
        assertThat(fixture.answer(1)).isEqualTo("3 0b");
        hold(-BUDGET_BYTES - 1L);
    }

    private void hold(long bytes) throws Exception {
        fixture.onLoop(() -> {
            fixture.limits.memory().add(MemoryKind.CELLS, bytes);
            return null;
        });
    }

    /// What a client sends before there is a connection is counted from the first byte.
    @Test
    void earlyDataIsCountedAndHasAnAge() throws Exception {
        fixture.begin(1, "silent.example:80");
        assertThat(fixture.onLoop(() -> fixture.streams().oldestNanos())).isNull();
        long before = fixture.world.ticker().nanoTime();
        fixture.data(1, new byte[CELL]);
        fixture.data(1, new byte[CELL]);
        fixture.data(1, new byte[CELL]);
        assertThat(fixture.onLoop(() -> fixture.streams().oldestNanos())).isGreaterThanOrEqualTo(before);
        assertThat(held()).isBetween(3L * CELL, 64L * 1024);
        fixture.onLoop(() -> {
            fixture.streams().dropAll();
            return null;
        });
        assertThat(held()).isZero();
    }

    @Test
    void aStreamWithoutAnFdEndsForWantOfResources() throws Exception {
        int port = fixture.serve(_ -> over.await());
        for (int id = 1; id <= STREAMS; id++) {
            fixture.begin(id, "127.0.0.1:" + port);
            assertThat(fixture.answer(id)).startsWith("4 ");
        }
        fixture.begin(STREAMS + 1, "127.0.0.1:" + port);
        assertThat(fixture.answer(STREAMS + 1)).isEqualTo("3 0b");
        assertThat(fixture.faults.snapshot()).containsKey("no FD left for a link or stream");
        fixture.end(1);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> fixture.onLoop(() -> fixture.limits.fds().used()) == STREAMS - 1);
        fixture.begin(STREAMS + 2, "127.0.0.1:" + port);
        assertThat(fixture.answer(STREAMS + 2)).startsWith("4 ");
    }

    /// Sends to stream 1 until the kernel takes no more and bytes stay here.
    private void fillUp() throws Exception {
        int sent = 0;
        long seen = 0;
        while (seen < HELD_BYTES) {
            assertThat(sent).as("bytes that the kernel took").isLessThan(KERNEL_BYTES_MAX);
            for (int i = 0; i < CELLS_AT_ONCE; i++) {
                fixture.data(1, new byte[CELL]);
                sent += CELL;
            }
            seen = held();
            if (seen >= HELD_BYTES) {
                // Buffers of the kernel still grow while the other side's fills.
                fixture.world.tasks().sleep(SETTLED);
                seen = held();
            }
        }
    }

    private long held() {
        return fixture.onLoop(() -> fixture.limits.memory().held(MemoryKind.STREAMS));
    }
}
