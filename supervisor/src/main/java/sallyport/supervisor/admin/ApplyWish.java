package sallyport.supervisor.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// What one request to take over a state wants otherwise than the configuration says.
///
/// @param batch how many relays at a time
/// @param drainWithin for how long a relay that leaves may go on with what is open
public record ApplyWish(OptionalInt batch, Optional<Duration> drainWithin) {
    public static final ApplyWish NOTHING = new ApplyWish(OptionalInt.empty(), Optional.empty());
}
