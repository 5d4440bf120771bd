package sallyport.engine.world;

import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;

/// The outside, one object: no other code reads a clock, draws a random number, opens a socket, starts a thread or
/// touches a file. Every door is the same object each time and may be called from any thread.
public interface World {
    /// Monotonic time; the loops use the same one.
    Ticker ticker();

    /// What [#ticker] says, for those who do not know netty: nanoseconds that only go forward, from any beginning.
    default long nanoTime() {
        return ticker().nanoTime();
    }

    /// Wall-clock time.
    InstantSource clock();

    Entropy entropy();

    Loops loops();

    Network network();

    Workers workers();

    Tasks tasks();

    Storage storage();

    Log log();

    /// What the machine and the JVM give; the same for the life of the process.
    Resources resources();
}
