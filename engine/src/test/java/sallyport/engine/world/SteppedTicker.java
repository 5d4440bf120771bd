package sallyport.engine.world;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A monotonic time that the test makes; nobody can sleep on it.
@FunctionalInterface
public interface SteppedTicker extends Ticker {
    @Override
    default long initialNanoTime() {
        return 0;
    }

    @Override
    default void sleep(long delay, @Nullable TimeUnit unit) {
        throw ClosedWorld.shut("sleep");
    }
}
