package sallyport.engine.world;

import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;

/// A world all of whose doors are shut: a test opens those that its subject may use, and any other fails the test that
/// goes through it.
public interface ClosedWorld extends World {
    /// The failure of whoever went through a door that is shut.
    static AssertionError shut(String door) {
        return new AssertionError("this world has no " + door);
    }

    @Override
    default Ticker ticker() {
        throw shut("ticker");
    }

    @Override
    default InstantSource clock() {
        throw shut("clock");
    }

    @Override
    default Entropy entropy() {
        throw shut("entropy");
    }

    @Override
    default Loops loops() {
        throw shut("loops");
    }

    @Override
    default Network network() {
        throw shut("network");
    }

    @Override
    default Workers workers() {
        throw shut("workers");
    }

    @Override
    default Tasks tasks() {
        throw shut("tasks");
    }

    @Override
    default Storage storage() {
        throw shut("storage");
    }

    @Override
    default Log log() {
        throw shut("log");
    }

    /// Enough of everything.
    @Override
    default Resources resources() {
        return new Resources(1L << 30, 1L << 30, 1024);
    }
}
