package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.limits.Shedding;

/// Bytes through streams: windows, backpressure, order, and ends.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamsDataTest {
    private static final int CELL = 498;
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;

    private StreamsFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new StreamsFixture(directory);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void downloadIsByteExactUnderBothWindows() throws Exception {
        byte[] content = random(MEBIBYTE + 77);
        fixture.client.window(0);
        open(1, fixture.serve(socket -> socket.getOutputStream().write(content)));
        int sendmes = 0;
        while (fixture.client.count(RelayCommand.END, 1) == 0) {
            // The client acknowledges every 50 cells of the stream and opens the circuit a few cells at a time.
            for (; sendmes < fixture.client.cells(1) / 50; sendmes++) {
                fixture.message(RelayCommand.SENDME, 1, new byte[0]);
            }
            fixture.resume(37);
        }
        assertThat(fixture.client.data(1)).isEqualTo(content);
        assertThat(fixture.answers(1)).last().isEqualTo("3 06");
    }

    @Test
    void uploadIsByteExactAndAcknowledged() throws Exception {
        byte[] content = random(MEBIBYTE + 77);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        open(
                1,
                fixture.serve(
                        socket -> received.complete(socket.getInputStream().readAllBytes())));
        int sent = 0;
        int window = 500;
        int sendmes = 0;
        while (sent < content.length) {
            int due = (int) fixture.client.count(RelayCommand.SENDME, 1);
            window += 50 * (due - sendmes);
            sendmes = due;
            if (window > 0) {
                int end = Math.min(content.length, sent + CELL);
                fixture.data(1, Arrays.copyOfRange(content, sent, end));
                sent = end;
                window--;
            }
        }
        fixture.end(1);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(content);
        assertThat(fixture.client.data(1)).isEmpty();
        assertThat(fixture.open()).isZero();
    }

    @Test
    void streamWindowStopsTheDownload() throws Exception {
        open(1, fixture.serve(socket -> socket.getOutputStream().write(new byte[MEBIBYTE])));
        await().until(() -> fixture.client.cells(1) == 500);
        fixture.message(RelayCommand.SENDME, 1, new byte[0]);
        await().until(() -> fixture.client.cells(1) == 550);
        fixture.message(RelayCommand.SENDME, 1, new byte[0]);
        await().until(() -> fixture.client.cells(1) == 600);
    }

    @Test
    void sendmeThatIsNotDueClosesTheCircuit() throws Exception {
        open(1, fixture.serve(socket -> socket.getInputStream().readAllBytes()));
        ProtocolViolation violation = catchThrowableOfType(
                ProtocolViolation.class, () -> fixture.message(RelayCommand.SENDME, 1, new byte[0]));
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.CIRCUIT);
    }

    /// No SENDME while the server does not read; the client's window is the most we ever hold.
    @Test
    void slowServerHoldsTheClientBack() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Integer> received = new CompletableFuture<>();
        open(1, fixture.serve(socket -> {
            go.await();
            received.complete(socket.getInputStream().readAllBytes().length);
        }));
        int sent = 0;
        // The kernel takes some megabytes before it stops.
        ProtocolViolation violation = null;
        while (violation == null) {
            long allowed = 500 + 50 * fixture.client.count(RelayCommand.SENDME, 1);
            if (sent == allowed) {
                violation = catchThrowableOfType(ProtocolViolation.class, () -> fixture.data(1, new byte[CELL]));
                if (violation == null) {
                    // A SENDME came in between.
                    sent++;
                }
            } else {
                fixture.data(1, new byte[CELL]);
                sent++;
            }
        }
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.CIRCUIT);
        assertThat(violation.reasonCode()).isEqualTo(DestroyReason.TORPROTOCOL.code());
        // Once the server reads, everything that was accepted arrives.
        go.countDown();
        fixture.end(1);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sent * CELL);
    }

    @Test
    void earlyDataWaitsForTheServerAndIsAcknowledgedAfterConnected() throws Exception {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        int port = fixture.serve(
                socket -> received.complete(socket.getInputStream().readAllBytes()));
        byte[] content = random(120 * CELL);
        fixture.begin(1, "v4.example:" + port);
        for (int i = 0; i < content.length; i += CELL) {
            fixture.data(1, Arrays.copyOfRange(content, i, i + CELL));
        }
        fixture.answer(1);
        await().until(() -> fixture.client.count(RelayCommand.SENDME, 1) == 2);
        assertThat(fixture.client.messages().getFirst()).startsWith(RelayCommand.CONNECTED + " ");
        fixture.end(1);
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(content);
    }

    @Test
    void earlyDataBeyondTheWindowClosesTheCircuit() throws Exception {
        fixture.begin(1, "silent.example:80");
        for (int i = 0; i < 500; i++) {
            fixture.data(1, new byte[CELL]);
        }
        assertThat(catchThrowableOfType(ProtocolViolation.class, () -> fixture.data(1, new byte[1]))
                        .scope())
                .isEqualTo(ProtocolViolation.Scope.CIRCUIT);
    }

    @Test
    void serverThatClosesItsHalfEndsTheStreamAfterItsLastByte() throws Exception {
        open(1, fixture.serve(socket -> {
            socket.getOutputStream().write(random(1000));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }));
        await().until(() -> fixture.client.count(RelayCommand.END, 1) == 1);
        assertThat(fixture.client.data(1)).isEqualTo(random(1000));
        assertThat(fixture.answers(1)).last().isEqualTo("3 06");
        assertThat(fixture.open()).isZero();
    }

    @Test
    void resetIsReportedEvenWhileNobodyReads() throws Exception {
        fixture.client.window(0);
        open(1, fixture.serve(socket -> {
            socket.getInputStream().readNBytes(1);
            socket.setSoLinger(true, 0);
        }));
        fixture.data(1, new byte[1]);
        await().until(() -> fixture.client.count(RelayCommand.END, 1) == 1);
        assertThat(fixture.answers(1)).last().isEqualTo("3 0c");
    }

    /// What a server sends waits in the kernel, not in our memory, also after it has closed.
    @Test
    void clientThatTakesNothingCostsTwoBuffersAtMost() throws Exception {
        fixture.client.window(0);
        int port = fixture.serve(socket -> {
            socket.setSendBufferSize(4 * MEBIBYTE);
            socket.getOutputStream().write(new byte[MEBIBYTE / 2]);
        });
        CompletableFuture<FarEnd> far = new CompletableFuture<>();
        Sink sink = new Sink();
        fixture.onLoop(() -> far.complete(fixture.dialer.dial(new byte[] {127, 0, 0, 1}, port, fixture.exit, sink)));
        await().until(() -> sink.connected);
        fixture.onLoop(() -> {
            far.join().read();
            return null;
        });
        await().during(200, TimeUnit.MILLISECONDS).until(() -> true);
        int held = fixture.onLoop(() -> {
            int bytes = 0;
            FarEnd end = far.join();
            for (ByteBuf input = end.input(); input != null; input = end.input()) {
                bytes += input.readableBytes();
                input.skipBytes(input.readableBytes());
                end.inputTaken();
            }
            end.close();
            return bytes;
        });
        assertThat(held).isBetween(1, 2 * 32 * CELL);
    }

    @Test
    void streamsThatEndWhileTheCircuitIsStuckLeaveTheLine() throws Exception {
        fixture.client.window(0);
        int port = fixture.serve(socket -> socket.getInputStream().read());
        for (int id = 1; id <= 64; id++) {
            open(id, port);
            fixture.end(id);
        }
        assertThat(fixture.open()).isZero();
        assertThat(fixture.onLoop(() -> fixture.streams().inLine())).isLessThan(32);
    }

    @Test
    void streamsOfACircuitTakeTurns() throws Exception {
        fixture.client.window(0);
        // Turns are only taken among streams that have something to say: all four do before the first turn.
        CountDownLatch ready = new CountDownLatch(4);
        for (int id = 1; id <= 4; id++) {
            open(id, fixture.serve(socket -> {
                socket.getOutputStream().write(new byte[96 << 10]);
                ready.countDown();
                socket.getOutputStream().write(new byte[MEBIBYTE]);
            }));
        }
        assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> {
            fixture.resume(16);
            return fixture.client.cells(1) + fixture.client.cells(2) + fixture.client.cells(3) + fixture.client.cells(4)
                    >= 400;
        });
        for (int id = 1; id <= 4; id++) {
            assertThat(fixture.client.cells(id)).isBetween(60, 160);
        }
    }

    @Test
    void endOfTheCircuitFlushesAndCloses() throws Exception {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        open(
                1,
                fixture.serve(
                        socket -> received.complete(socket.getInputStream().readAllBytes())));
        fixture.begin(2, "silent.example:80");
        fixture.data(1, random(CELL));
        fixture.onLoop(() -> {
            fixture.streams().closeAll();
            return null;
        });
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(random(CELL));
        assertThat(fixture.client.messages()).hasSize(1);
        fixture.begin(3, "127.0.0.1:80");
        assertThat(fixture.open()).isZero();
    }

    @Test
    void echoesOnManyStreamsAtOnce() throws Exception {
        int port = fixture.serve(StreamsDataTest::echo);
        for (int id = 1; id <= 50; id++) {
            fixture.begin(id, "127.0.0.1:" + port);
        }
        for (int id = 1; id <= 50; id++) {
            fixture.data(id, new byte[] {(byte) id, 2, 3});
        }
        for (int id = 1; id <= 50; id++) {
            int stream = id;
            await().until(() -> fixture.client.data(stream).length == 3);
            assertThat(fixture.client.data(id)).containsExactly(id, 2, 3);
            fixture.end(id);
        }
        assertThat(fixture.open()).isZero();
    }

    /// A directory inside us is a far end like a server's; CONNECTED is empty then.
    @Test
    void directoryStreamsCarryBytes() throws Exception {
        FakeDirectory served = new FakeDirectory();
        fixture.directory = (_, events) -> served.open(fixture, events);
        fixture.singleHop = true;
        fixture.message(RelayCommand.BEGIN_DIR, 4, new byte[0]);
        assertThat(fixture.answer(4)).isEqualTo("4 ");
        fixture.data(4, new byte[] {1, 2, 3});
        await().until(() -> fixture.client.count(RelayCommand.END, 4) == 1);
        assertThat(served.request.toByteArray()).containsExactly(1, 2, 3);
        assertThat(fixture.client.data(4)).containsExactly(9, 8, 7);
        fixture.directory = null;
    }

    /// A circuit gives way as what it carries; one that only fetches documents goes long before one with
    /// a server.
    @Test
    void aCircuitGivesWayAsWhatItCarries() throws Exception {
        FakeDirectory served = new FakeDirectory();
        fixture.directory = (_, events) -> served.open(fixture, events);
        assertThat(shedAs()).isEqualTo(Shedding.CIRCUITS);
        fixture.message(RelayCommand.BEGIN_DIR, 4, new byte[0]);
        assertThat(shedAs()).isEqualTo(Shedding.DIRECTORY);
        open(5, fixture.serve(socket -> socket.getInputStream().readAllBytes()));
        assertThat(shedAs()).isEqualTo(Shedding.STREAMS);
        fixture.end(4);
        fixture.end(5);
        assertThat(shedAs()).isEqualTo(Shedding.CIRCUITS);
    }

    private Shedding shedAs() throws Exception {
        return fixture.onLoop(() -> fixture.streams().shedAs());
    }

    private void open(int id, int port) throws ProtocolViolation {
        fixture.begin(id, "127.0.0.1:" + port);
        assertThat(fixture.answer(id)).startsWith("4 ");
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void echo(Socket socket) throws Exception {
        InputStream in = socket.getInputStream();
        in.transferTo(socket.getOutputStream());
    }

    private static final class Sink implements FarEnd.Events {
        volatile boolean connected;

        @Override
        public void onConnected() {
            connected = true;
        }

        @Override
        public void onInput() {}

        @Override
        public void onWritten(int bytes) {}

        @Override
        public void onEnd() {}

        @Override
        public void onFailure(sallyport.engine.exit.ExitFailure why) {}
    }

    private static final class FakeDirectory implements FarEnd {
        final ByteArrayOutputStream request = new ByteArrayOutputStream();
        private @Nullable ByteBuf answer;
        private FarEnd.@Nullable Events events;

        FarEnd open(StreamsFixture fixture, FarEnd.Events ear) {
            events = ear;
            fixture.loop.execute(ear::onConnected);
            return this;
        }

        @Override
        public void write(byte[] src, int offset, int length) {
            request.write(src, offset, length);
            answer = Unpooled.wrappedBuffer(new byte[] {9, 8, 7});
            FarEnd.Events ear = events;
            assertThat(ear).isNotNull();
            ear.onInput();
            ear.onEnd();
        }

        @Override
        public int queuedBytes() {
            return 0;
        }

        @Override
        public @Nullable ByteBuf input() {
            return answer;
        }

        @Override
        public void inputTaken() {
            if (answer != null && !answer.isReadable()) {
                answer.release();
                answer = null;
            }
        }

        @Override
        public void read() {}

        @Override
        public void closeAfterFlush() {
            close();
        }

        @Override
        public void close() {
            if (answer != null) {
                answer.release();
                answer = null;
            }
        }
    }
}
