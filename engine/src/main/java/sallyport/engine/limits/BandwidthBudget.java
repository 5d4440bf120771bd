package sallyport.engine.limits;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// How fast all relays of the process may be together, both directions apart; each keeps its own limits
/// besides. Thread-safe.
public final class BandwidthBudget {
    /// More than anything can carry: nothing is held back.
    public static final Rate NO_LIMIT = new Rate(Long.MAX_VALUE, Long.MAX_VALUE);

    // Ours: C tor fills its buckets every 100 ms; at a fifth of that nobody notices the rounds, and a hundred relays
    // cost some microseconds each.
    static final Duration ROUND = Duration.ofMillis(20);

    private final World world;
    private final ByteLender reading = new ByteLender();
    private final ByteLender writing = new ByteLender();
    private final CopyOnWriteArrayList<RelayBandwidth> relays = new CopyOnWriteArrayList<>();
    private volatile Rate rate = NO_LIMIT;
    private Tasks.@Nullable Task rounds;

    /// Without a limit, until [#follow].
    public BandwidthBudget(World world) {
        this.world = world;
    }

    /// Limits all relays together from now on; from control tasks.
    public synchronized void follow(Rate next) {
        rate = next;
        long now = world.nanoTime();
        reading.follow(next, now);
        writing.follow(next, now);
        if (next.equals(NO_LIMIT)) {
            close();
        } else if (rounds == null) {
            rounds = world.tasks().start("bandwidth of all relays", this::run);
        }
    }

    /// Ends the rounds.
    public synchronized void close() {
        if (rounds != null) {
            rounds.cancel();
            rounds = null;
        }
    }

    /// How fast all relays together may be.
    public Rate rate() {
        return rate;
    }

    /// Whether relays wanted to read more than all of them may, in the last round.
    public boolean isReadingShort() {
        return reading.isLimited() && reading.isShort();
    }

    /// The same of writing.
    public boolean isWritingShort() {
        return writing.isLimited() && writing.isShort();
    }

    /// What a relay with these limits may promise to the network: what it gets when all others take what
    /// they may, too. So the promises of all relays together are no more than what the process may pass.
    public BandwidthRates promised(BandwidthRates own) {
        Rate all = rate;
        if (all.equals(NO_LIMIT)) {
            return own;
        }
        long[] most = relays.stream().mapToLong(relay -> most(relay.rates())).toArray();
        long share = Math.max(1, Math.min(all.bytesPerSecond(), FairShare.level(most, all.bytesPerSecond())));
        return own.allAtMost(new Rate(share, all.burstBytes()));
    }

    private static long most(BandwidthRates rates) {
        return rates.all().atMost(rates.relayed()).bytesPerSecond();
    }

    ByteLender reading() {
        return reading;
    }

    ByteLender writing() {
        return writing;
    }

    void enter(RelayBandwidth relay) {
        relays.add(relay);
    }

    void leave(RelayBandwidth relay) {
        relays.remove(relay);
    }

    private void run() throws InterruptedException {
        while (true) {
            world.tasks().sleep(ROUND);
            long now = world.nanoTime();
            reading.deal(now);
            writing.deal(now);
        }
    }
}
