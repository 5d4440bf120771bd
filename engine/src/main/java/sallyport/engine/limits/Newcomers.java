package sallyport.engine.limits;

import java.util.Arrays;
import sallyport.engine.world.World;

/// Who asks one relay for most new circuits of late, so that when there is not room for all of them those lose theirs
/// who ask for most, and the others none.
///
/// A source is a number that stands for a client's address or for a relay. Two windows of ten seconds are kept, this
/// one and the one before, each with the heaviest sources alone ([NewcomerWindow]): their memory does not grow, and a
/// source that is silent is forgotten within 25 seconds.
///
/// Runs on: the relay's loop.
public final class Newcomers {
    // Ours: as long as a client waits before it builds another circuit.
    static final long WINDOW_NANOS = 10_000_000_000L;
    // Ours: about what one client asks for at once; whoever asks for so few in a window is never refused.
    static final int FEW = 8;
    // Ours: in a flood the sources change slowly, and finding the level sorts them.
    private static final long LEVEL_NANOS = 100_000_000L;

    private static final int HALVINGS_MAX = 16;
    private static final long UNKNOWN = -1;
    // 2^64 divided by the golden ratio; of a product with it a double holds the highest 53 bits.
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int DOUBLE_SHIFT = 11;

    private final World world;
    private NewcomerWindow window;
    private NewcomerWindow before;
    private boolean began;
    private long beganNanos;
    private final long[] levels = new long[HALVINGS_MAX + 1];
    private long levelsNanos;

    public Newcomers(World world) {
        this.world = world;
        this.window = new NewcomerWindow(world);
        this.before = new NewcomerWindow(world);
        Arrays.fill(levels, UNKNOWN);
    }

    /// The source asks for a circuit; due before [#mayStay], whatever becomes of it.
    public void count(long source) {
        long now = world.ticker().nanoTime();
        roll(now);
        if (!began) {
            began = true;
            beganNanos = now;
        }
        window.add(source);
    }

    /// Whether the circuit that was asked for just now may come, while there is room for some only. Each
    /// source has as many as it asks for, up to a level that is the same for all, such that all together
    /// have what there is room for (max-min fair). Who asks for more has as many as that, spread evenly
    /// over what it asks for.
    ///
    /// @param halvings how often what is asked for has to be halved until there is room for it, at most 16
    public boolean mayStay(long source, int halvings) {
        int asked = window.atLeast(source);
        if (halvings == 0 || asked <= FEW) {
            return true;
        }
        long most = level(halvings);
        long sent = Math.max(asked, before.atLeast(source));
        return sent <= most || place(asked) * sent < most;
    }

    /// Between 0 and 1, and for any numbers in a row spread evenly over it (Weyl's sequence of the golden ratio).
    private static double place(int number) {
        return (number * GOLDEN >>> DOUBLE_SHIFT) * 0x1p-53;
    }

    /// Lets go of what is too old to count. Due every few seconds.
    public void forget() {
        roll(world.ticker().nanoTime());
    }

    /// Sources that are known at this moment, those of both windows.
    int watched() {
        return window.sources() + before.sources();
    }

    private void roll(long now) {
        long elapsed = now - beganNanos;
        if (!began || elapsed < WINDOW_NANOS) {
            return;
        }
        NewcomerWindow oldest = before;
        before = window;
        window = oldest;
        window.forget();
        if (elapsed >= 2 * WINDOW_NANOS) {
            before.forget();
        }
        began = before.sources() > 0;
        beganNanos = now;
        Arrays.fill(levels, UNKNOWN);
    }

    /// Of whichever window has seen more: in a window that has just begun nobody has asked for much.
    private long level(int halvings) {
        long now = world.ticker().nanoTime();
        if (now - levelsNanos >= LEVEL_NANOS) {
            Arrays.fill(levels, UNKNOWN);
            levelsNanos = now;
        }
        if (levels[halvings] == UNKNOWN) {
            NewcomerWindow fuller = window.total() >= before.total() ? window : before;
            levels[halvings] = Math.max(FEW, fuller.level(fuller.total() >> halvings));
        }
        return levels[halvings];
    }
}
