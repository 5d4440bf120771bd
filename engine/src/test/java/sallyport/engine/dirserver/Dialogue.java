package sallyport.engine.dirserver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.exit.ExitFailure;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.stream.DirClient;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.Log;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SteppedTicker;

/// A directory stream in a test's hand: the client's bytes go in, the answer is taken as fast as the test says.
public final class Dialogue implements ClosedWorld, FarEnd.Events {
    /// The wall clock of every answer.
    public static final Instant NOW = Instant.parse("2026-11-22T06:07:08Z");

    private static final byte[] OURS = {(byte) 198, 51, 100, 7};
    private static final int PORT = 9001;

    final FaultCounters faults = new FaultCounters();
    final List<String> lines = new ArrayList<>();
    boolean connected;
    boolean ended;

    @Nullable
    ExitFailure failure;

    boolean singleHop = true;
    byte[] address = {(byte) 203, 0, 113, 9};
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final InstanceLimits limits;
    final RelayStatistics statistics;
    private final DirServer server;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final SeededEntropy entropy = new SeededEntropy(1);
    private long nanos = 1;
    private FarEnd far;

    public Dialogue(DirRoutes routes) {
        limits = TestLimits.plenty(this).open("test", loop(), faults);
        statistics = TestStatistics.of(this, StatisticKind.DIRECTORY_REQUESTS);
        server = new DirServer(
                this,
                loop(),
                "test",
                faults,
                statistics,
                limits.memory(),
                () -> List.of(new RelayAddress(OURS, PORT)),
                routes);
    }

    DirServer server() {
        return server;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /// Opens a stream; CONNECTED comes by itself.
    Dialogue open() {
        received.reset();
        connected = false;
        ended = false;
        failure = null;
        far = server.open(new DirClient(singleHop, new ClientAddress(Ip.inet(address))), this);
        return this;
    }

    Dialogue connect() {
        channel.runPendingTasks();
        return this;
    }

    Dialogue send(String bytes) {
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        far.write(raw, 0, raw.length);
        return this;
    }

    /// Takes up to so many bytes of the answer, as a window lets them go.
    int take(int bytes) {
        int left = bytes;
        while (left > 0) {
            ByteBuf input = far.input();
            if (input == null) {
                far.read();
                input = far.input();
            }
            if (input == null) {
                break;
            }
            byte[] some = new byte[Math.min(left, input.readableBytes())];
            input.readBytes(some);
            received.writeBytes(some);
            left -= some.length;
            far.inputTaken();
        }
        return bytes - left;
    }

    /// One whole exchange; the bytes of the answer.
    public byte[] exchange(String request) {
        open().connect().send(request);
        channel.runPendingTasks();
        take(Integer.MAX_VALUE);
        if (!ended) {
            throw new AssertionError("the answer did not end");
        }
        close();
        return received.toByteArray();
    }

    /// The same as text.
    public String ask(String request) {
        return new String(exchange(request), StandardCharsets.ISO_8859_1);
    }

    /// As the stream does when it is over.
    void close() {
        far.closeAfterFlush();
    }

    /// What the statistics of consensuses say so far.
    List<String> counted() {
        return TestStatistics.lines(statistics.directoryRequests(), nanos);
    }

    long heldBytes() {
        return limits.memory().held();
    }

    /// Lets time pass, and what was to happen within it.
    void pass(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Override
    public void onConnected() {
        connected = true;
    }

    @Override
    public void onInput() {
        // The test takes it.
    }

    @Override
    public void onWritten(int bytes) {
        throw new AssertionError("nothing is queued here");
    }

    @Override
    public void onEnd() {
        ended = true;
    }

    @Override
    public void onFailure(ExitFailure why) {
        failure = why;
    }

    @Override
    public Ticker ticker() {
        SteppedTicker stepped = () -> nanos;
        return stepped;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(NOW);
    }

    @Override
    public Log log() {
        return (level, _, text) -> lines.add(level + " " + text);
    }
}
