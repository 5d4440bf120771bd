package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.Tally;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.XonBody;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.StreamSignals;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.netdoc.NetworkParameters;

/// Streams of a circuit with congestion control, against real servers.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamSignalsTest {
    private static final int CELL = 498;
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;

    private StreamsFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new StreamsFixture(directory);
        fixture.signals = StreamSignalParameters.of(NetworkParameters.NONE);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    /// Three mebibytes are more than six thousand cells, far beyond a stream window.
    @Test
    void downloadNeedsNoStreamSendmes() throws Exception {
        byte[] content = random(3 * MEBIBYTE + 77);
        open(1, fixture.serve(socket -> socket.getOutputStream().write(content)));
        await().atMost(20, TimeUnit.SECONDS).until(() -> fixture.client.count(RelayCommand.END, 1) == 1);
        assertThat(fixture.client.data(1)).isEqualTo(content);
    }

    @Test
    void aSlowServerIsAnsweredByXoffThenXonAndNothingIsLost() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Integer> received = new CompletableFuture<>();
        open(1, fixture.serve(socket -> {
            go.await();
            InputStream in = socket.getInputStream();
            received.complete(in.readAllBytes().length);
        }));
        int sent = 0;
        while (fixture.client.count(RelayCommand.XOFF, 1) == 0) {
            fixture.data(1, new byte[CELL]);
            sent++;
        }
        // What was on its way is taken all the same, and no second XOFF follows.
        for (int i = 0; i < 1000; i++) {
            fixture.data(1, new byte[CELL]);
            sent++;
        }
        assertThat(held()).isGreaterThan(1000 * CELL);
        go.countDown();
        await().atMost(20, TimeUnit.SECONDS).until(() -> fixture.client.count(RelayCommand.XON, 1) >= 1);
        assertThat(fixture.client.count(RelayCommand.XOFF, 1)).isEqualTo(1);
        assertThat(fixture.tallied(Tally.XOFF_SENT)).isEqualTo(1);
        assertThat(fixture.client.count(RelayCommand.SENDME, 1)).isZero();
        assertThat(held()).isZero();
        fixture.end(1);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sent * CELL);
    }

    @Test
    void aClientThatIgnoresXoffLosesItsCircuit() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        open(1, fixture.serve(socket -> end.await()));
        // As many bytes at once as no cell holds: the sum is what matters.
        byte[] bytes = new byte[60_000];
        ProtocolViolation violation = null;
        long sent = 0;
        while (violation == null && sent < 2L * StreamSignals.OWED_MAX_BYTES) {
            violation = catchThrowableOfType(ProtocolViolation.class, () -> fixture.data(1, bytes));
            sent += bytes.length;
        }
        assertThat(violation).isNotNull();
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.CIRCUIT);
        assertThat(violation.reasonCode()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
        assertThat(sent).isGreaterThan(StreamSignals.OWED_MAX_BYTES);
        end.countDown();
    }

    @Test
    void earlyDataMayExceedAStreamWindow() throws Exception {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        int port = fixture.serve(
                socket -> received.complete(socket.getInputStream().readAllBytes()));
        byte[] content = random(700 * CELL);
        fixture.begin(1, "v4.example:" + port);
        for (int i = 0; i < content.length; i += CELL) {
            fixture.data(1, Arrays.copyOfRange(content, i, i + CELL));
        }
        fixture.answer(1);
        fixture.end(1);
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(content);
    }

    @Test
    void xoffHoldsADownloadAndTheRateOfXonPacesIt() throws Exception {
        int kbps = 200;
        byte[] content = random(600_000);
        CountDownLatch go = new CountDownLatch(1);
        open(1, fixture.serve(socket -> {
            go.await();
            socket.getOutputStream().write(content);
        }));
        fixture.message(RelayCommand.XOFF, 1, XonBody.xoff());
        go.countDown();
        // Whatever turns there are: nothing moves while stopped.
        for (int i = 0; i < 20; i++) {
            fixture.resume(Integer.MAX_VALUE);
            assertThat(fixture.client.cells(1)).isZero();
        }
        long start = System.nanoTime();
        fixture.message(RelayCommand.XON, 1, new XonBody(kbps).encode());
        await().atMost(30, TimeUnit.SECONDS).until(() -> fixture.client.count(RelayCommand.END, 1) == 1);
        // One second's worth at once, the rest at 200,000 bytes a second; the server's end may bring some buffers
        // unasked.
        long least = (content.length - kbps * 1000L - 4 * 15_936) * 1000 / (kbps * 1000L);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(least);
        assertThat(fixture.client.data(1)).isEqualTo(content);
    }

    @Test
    void aStreamSendmeIsAViolation() throws Exception {
        open(1, fixture.serve(socket -> socket.getInputStream().readAllBytes()));
        ProtocolViolation violation = catchThrowableOfType(
                ProtocolViolation.class, () -> fixture.message(RelayCommand.SENDME, 1, new byte[0]));
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.CIRCUIT);
        assertThat(violation.reasonCode()).isEqualTo(DestroyReason.TORPROTOCOL.code());
    }

    /// A pause that the stream does not outlive must not touch it any more.
    @Test
    void aStreamMayEndWhileItWaitsForItsRate() throws Exception {
        open(1, fixture.serve(socket -> {
            socket.getOutputStream().write(new byte[MEBIBYTE]);
            socket.getInputStream().readAllBytes();
        }));
        fixture.message(RelayCommand.XON, 1, new XonBody(1).encode());
        await().until(() -> fixture.client.cells(1) > 0);
        fixture.end(1);
        assertThat(fixture.open()).isZero();
    }

    private long held() {
        return fixture.onLoop(() -> fixture.limits.memory().held(MemoryKind.STREAMS));
    }

    private void open(int id, int port) throws ProtocolViolation {
        fixture.begin(id, "127.0.0.1:" + port);
        assertThat(fixture.answer(id)).startsWith(RelayCommand.CONNECTED + " ");
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
