package sallyport.engine.world;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A wall clock that moves when told to.
public final class SettableClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-21T12:34:56Z");

    @Override
    public Instant instant() {
        return now;
    }

    public void set(Instant time) {
        now = time;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }
}
