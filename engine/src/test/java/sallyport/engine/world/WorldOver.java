package sallyport.engine.world;

import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;

/// A world over another one: what it does not change goes through to [#real].
public interface WorldOver extends World {
    World real();

    @Override
    default Ticker ticker() {
        return real().ticker();
    }

    @Override
    default InstantSource clock() {
        return real().clock();
    }

    @Override
    default Entropy entropy() {
        return real().entropy();
    }

    @Override
    default Loops loops() {
        return real().loops();
    }

    @Override
    default Network network() {
        return real().network();
    }

    @Override
    default Workers workers() {
        return real().workers();
    }

    @Override
    default Tasks tasks() {
        return real().tasks();
    }

    @Override
    default Storage storage() {
        return real().storage();
    }

    @Override
    default Log log() {
        return real().log();
    }

    @Override
    default Resources resources() {
        return real().resources();
    }
}
