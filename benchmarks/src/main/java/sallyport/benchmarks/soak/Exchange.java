package sallyport.benchmarks.soak;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.SocksRefusal;

/// One thing that a client does over a circuit. Returns when it went as it must, and fails in any other way.
final class Exchange {
    /// What is done, how often beside the others, and what else than the circuit it needs.
    enum Kind {
        SMALL_DOWNLOAD(20, true, false),
        SMALL_UPLOAD(10, true, false),
        BURST(6, true, false),
        DOWNLOAD(10, true, false),
        UPLOAD(10, true, false),
        LARGE_DOWNLOAD(1, true, false),
        LARGE_UPLOAD(1, true, false),
        BY_NAME(12, true, true),
        IPV6(4, true, false),
        SLOW_READER(2, true, false),
        SLOW_SERVER(3, true, false),
        SLOW_SINK(3, true, false),
        RESOLVE(6, false, true),
        POINTER(3, false, true),
        REFUSED(4, true, false),
        UNKNOWN_NAME(4, false, true),
        SILENT_NAME(1, false, true),
        RESET(4, true, false),
        ABANDONED(5, true, false);

        final int weight;
        final boolean needsServer;
        final boolean needsResolver;

        Kind(int weight, boolean needsServer, boolean needsResolver) {
            this.weight = weight;
            this.needsServer = needsServer;
            this.needsResolver = needsResolver;
        }

        static Kind any(RandomGenerator random) {
            int sum = 0;
            for (Kind kind : values()) {
                sum += kind.weight;
            }
            int at = random.nextInt(sum);
            for (Kind kind : values()) {
                at -= kind.weight;
                if (at < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("weights add up");
        }
    }

    /// What arrived is not what was sent, or what must fail did not: nothing excuses that.
    static final class Wrong extends IOException {
        private static final long serialVersionUID = 1L;

        Wrong(String what) {
            super(what);
        }
    }

    private static final int BURST_STREAMS = 20;
    private static final int READ_BYTES = 64 * 1024;
    private static final int READ_PAUSE_MILLIS = 40;
    private static final int SLOW_READER_SOCKET_BYTES = 32 * 1024;
    private static final int SLOW_READER_BYTES = 6 << 20;
    private static final int SLOW_BYTES = 1 << 20;
    private static final int TIMEOUT_MILLIS = 150_000;
    // One cell's data, its neighbours, and everyday sizes: few enough that each digest is computed once.
    private static final long[] SMALL_BYTES = {1, 497, 498, 499, 1_000, 4_000, 16_384, 40_000};
    private static final long[] MEDIUM_BYTES = {100_000, 262_144, 700_001, 1 << 20, 2_000_003};
    private static final long[] LARGE_BYTES = {8 << 20, 12_345_678};

    private final FarEnd far;
    private final SocksFetch fetch;
    private final RandomGenerator random;
    private final Tally tally;
    private String asked = "";

    Exchange(FarEnd far, SocksFetch fetch, RandomGenerator random, Tally tally) {
        this.far = far;
        this.fetch = fetch;
        this.random = random;
        this.tally = tally;
    }

    /// The name or address that is asked for; empty where none is.
    String asked() {
        return asked;
    }

    void run(Kind kind) throws IOException {
        switch (kind) {
            case SMALL_DOWNLOAD -> download(far.address(), far.port(), pick(SMALL_BYTES));
            case SMALL_UPLOAD -> upload(pick(SMALL_BYTES));
            case BURST -> burst();
            case DOWNLOAD -> download(far.address(), far.port(), pick(MEDIUM_BYTES));
            case UPLOAD -> upload(pick(MEDIUM_BYTES));
            case LARGE_DOWNLOAD -> download(far.address(), far.port(), pick(LARGE_BYTES));
            case LARGE_UPLOAD -> upload(pick(LARGE_BYTES));
            case BY_NAME -> download(anyName(), far.port(), pick(SMALL_BYTES));
            case IPV6 -> download("::1", far.port6(), pick(SMALL_BYTES));
            case SLOW_READER -> slowReader();
            case SLOW_SERVER -> rough("DRIBBLE", SLOW_BYTES);
            case SLOW_SINK -> slowSink();
            case RESOLVE -> same(fetch.resolve(anyName()).getHostAddress(), far.address());
            case POINTER -> {
                asked = FarEnd.POINTED_TO;
                same(fetch.resolvePtr(asked), FarEnd.name(0));
            }
            case REFUSED -> refused(far.address(), far.closedPort());
            case UNKNOWN_NAME -> refused(FarEnd.unknownName(random.nextInt(FarEnd.NAMES)), far.port());
            case SILENT_NAME -> refused(FarEnd.silentName(random.nextInt(FarEnd.NAMES)), far.port());
            case RESET -> reset();
            case ABANDONED -> abandoned();
        }
    }

    private void download(String host, int port, long length) throws IOException {
        Fetched got = fetch.get(host, port, "/bytes/" + length);
        same(got.sha256(), far.sha256(length));
        tally.add("bytes down", length);
    }

    private void upload(long length) throws IOException {
        Fetched got = fetch.post(far.address(), far.port(), "/sink", far.content(), length);
        same(got.text(), length + " " + far.sha256(length) + "\n");
        tally.add("bytes up", length);
    }

    private void burst() throws IOException {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < BURST_STREAMS; i++) {
            long length = pick(SMALL_BYTES);
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            Thread.ofVirtual().start(() -> {
                try {
                    download(far.address(), far.port(), length);
                    done.complete(null);
                } catch (IOException | RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
        }
        IOException first = null;
        for (CompletableFuture<Void> each : all) {
            try {
                each.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof Wrong wrong) {
                    throw wrong;
                }
                first = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void slowReader() throws IOException {
        try (Socket socket = open()) {
            socket.setReceiveBufferSize(SLOW_READER_SOCKET_BYTES);
            ask(socket, "SEND", SLOW_READER_BYTES);
            same(digest(socket.getInputStream(), SLOW_READER_BYTES, READ_PAUSE_MILLIS), far.sha256(SLOW_READER_BYTES));
            tally.add("bytes down", SLOW_READER_BYTES);
        }
    }

    private void rough(String what, int length) throws IOException {
        try (Socket socket = open()) {
            ask(socket, what, length);
            same(digest(socket.getInputStream(), length, 0), far.sha256(length));
            tally.add("bytes down", length);
        }
    }

    private void slowSink() throws IOException {
        try (Socket socket = open()) {
            ask(socket, "SIP", SLOW_BYTES);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), READ_BYTES);
            far.content().writeTo(out, SLOW_BYTES);
            out.flush();
            same(RoughServer.line(socket.getInputStream()), far.sha256(SLOW_BYTES));
            tally.add("bytes up", SLOW_BYTES);
        }
    }

    private void refused(String host, int port) throws IOException {
        try (Socket socket = fetch.open(host, port)) {
            throw new Wrong("a connection that cannot be stands: " + socket.isConnected());
        } catch (SocksRefusal asItMust) {
            tally.count("refusals");
        }
    }

    /// The server resets; how much arrives before that is up to the systems between, but the client must hear of it.
    private void reset() throws IOException {
        long length = pick(SMALL_BYTES);
        try (Socket socket = open()) {
            ask(socket, "RESET", length);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            tally.count("resets heard");
        }
    }

    /// The client goes away in the midst of a download or an upload.
    private void abandoned() throws IOException {
        try (Socket socket = open()) {
            if (random.nextBoolean()) {
                ask(socket, "SEND", SLOW_READER_BYTES);
                socket.getInputStream().readNBytes(random.nextInt(SLOW_BYTES));
            } else {
                ask(socket, "SIP", SLOW_BYTES);
                far.content().writeTo(socket.getOutputStream(), random.nextInt(SLOW_BYTES));
            }
        }
    }

    private Socket open() throws IOException {
        Socket socket = fetch.open(far.address(), far.roughPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void ask(Socket socket, String what, long length) throws IOException {
        socket.getOutputStream().write((what + " " + length + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(InputStream in, long length, int pauseMillis) throws IOException {
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[READ_BYTES];
        long arrived = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
            arrived += n;
            if (pauseMillis > 0) {
                pause(pauseMillis);
            }
        }
        if (arrived < length) {
            throw new EOFException(arrived + " of " + length + " bytes arrived");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String anyName() {
        asked = FarEnd.name(random.nextInt(FarEnd.NAMES));
        return asked;
    }

    private long pick(long[] lengths) {
        return lengths[random.nextInt(lengths.length)];
    }

    private static void same(String found, String wanted) throws Wrong {
        if (!found.equals(wanted)) {
            throw new Wrong("not what was sent: " + found + " instead of " + wanted);
        }
    }

    private static void pause(int millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the soak ends");
        }
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
