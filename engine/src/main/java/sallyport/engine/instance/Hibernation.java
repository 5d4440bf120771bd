package sallyport.engine.instance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.accounting.Accounting;
import sallyport.engine.accounting.AccountingLines;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.world.World;

/// Holds one relay to its quota, where it has one: looks once a second at what it has carried, keeps that
/// in its `state` file, and has it sleep and wake up. Blocks: control tasks only.
final class Hibernation {
    // C tor looks once a second too.
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    // Ours: without a quota there is nothing to look at, and hundreds of relays need not wake up each second for it.
    private static final Duration INTERVAL_WITHOUT = Duration.ofHours(1);
    // C tor's NOTE_INTERVAL and NOTE_BYTES; it writes its file a minute after it noted.
    private static final Duration SAVED_AT_LEAST = Duration.ofMinutes(10);
    private static final Duration SAVED_AT_MOST = Duration.ofMinutes(1);
    private static final long SAVED_BYTES = 20L << 20;

    private final World world;
    private final String relay;
    private final BandwidthHistory history;
    private final RelayKeys keys;
    private final Accounting accounting;
    private BandwidthHistory.Totals counted = new BandwidthHistory.Totals(0, 0);
    private Instant saved = Instant.EPOCH;
    private long savedBytes;
    private volatile boolean enabled;
    private volatile CompletableFuture<Void> followed = new CompletableFuture<>();

    /// Who does what a change asks for.
    @FunctionalInterface
    interface Sleeper {
        /// @param until when it will wake up; meaningless where it is awake
        void become(Accounting.State state, Instant until) throws InterruptedException;
    }

    Hibernation(World world, String relay, BandwidthHistory history, RelayKeys keys) {
        this.world = world;
        this.relay = relay;
        this.history = history;
        this.keys = keys;
        this.accounting = new Accounting(this::draw);
    }

    /// Goes on with what the file holds, and says what the relay is to begin with. Before it listens.
    synchronized Accounting.State restore(AccountingSpec spec, long bytesPerSecond) throws KeyFileException {
        if (!AccountingLines.restore(keys.stateLines(), accounting)) {
            world.log().warn(relay, "what it had used of its quota cannot be read and counts anew");
        }
        follow(spec, bytesPerSecond);
        return accounting.state();
    }

    /// Obeys this quota from now on; what was carried before counts by the old one.
    synchronized void follow(AccountingSpec spec, long bytesPerSecond) {
        Instant now = now();
        count(now);
        enabled = spec.isEnabled();
        accounting.follow(spec, bytesPerSecond, now);
        followed.complete(null);
    }

    synchronized Accounting.State state() {
        return accounting.state();
    }

    synchronized Instant sleepsUntil() {
        return accounting.sleepsUntil();
    }

    /// The body of a task.
    void run(Sleeper sleeper) throws InterruptedException {
        Accounting.State told = state();
        while (true) {
            followed = new CompletableFuture<>();
            Accounting.State next = look();
            if (next != told) {
                told = next;
                save();
                sleeper.become(next, sleepsUntil());
            }
            rest();
        }
    }

    private void rest() throws InterruptedException {
        if (enabled) {
            world.tasks().sleep(INTERVAL);
            return;
        }
        try {
            world.tasks().await(followed, INTERVAL_WITHOUT);
        } catch (TimeoutException e) {
            // Nothing has changed.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a quota that failed", e);
        }
    }

    private Accounting.State count(Instant now) {
        BandwidthHistory.Totals totals = history.totals();
        Accounting.State state =
                accounting.tick(totals.read() - counted.read(), totals.written() - counted.written(), now);
        counted = totals;
        return state;
    }

    private Accounting.State look() {
        boolean due;
        Accounting.State state;
        synchronized (this) {
            Instant now = now();
            state = count(now);
            Duration since = Duration.between(saved, now).abs();
            due = enabled
                    && (since.compareTo(SAVED_AT_LEAST) >= 0
                            || (since.compareTo(SAVED_AT_MOST) >= 0 && bytes(counted) - savedBytes >= SAVED_BYTES));
        }
        if (due) {
            save();
        }
        return state;
    }

    synchronized void save() {
        saved = now();
        savedBytes = bytes(counted);
        try {
            keys.replaceStateLines(AccountingLines.KEYWORDS, AccountingLines.of(accounting));
        } catch (KeyFileException | IOException e) {
            world.log().warn(relay, "what it has used of its quota is not saved: " + e.getMessage());
        }
    }

    /// C tor's draw: the relay's identity decides, so that nobody has to remember it, and no two relays of one host
    /// wake up together.
    private long draw(String start) {
        byte[] digest = Hashes.sha1(new Writer()
                .bytes(start.getBytes(StandardCharsets.US_ASCII))
                .bytes(keys.identity().rsaDigest())
                .toBytes());
        return (digest[0] & 0xffL) | (digest[1] & 0xffL) << 8 | (digest[2] & 0xffL) << 16 | (digest[3] & 0xffL) << 24;
    }

    private static long bytes(BandwidthHistory.Totals totals) {
        return Math.max(totals.read(), totals.written());
    }

    private Instant now() {
        return world.clock().instant();
    }
}
