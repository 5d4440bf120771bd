package sallyport.supervisor.apply;

import java.time.Instant;

/// One entry of the history: a fleet as it was applied on this host.
///
/// @param number from 1, one more each time
/// @param when it was applied
/// @param who applied it, by the name that the system gives
/// @param why in the operator's words; may be empty
/// @param host whose part it is
/// @param file the configuration that was read, absolute
/// @param text that configuration with nothing left open
/// @param lock the lock that goes with it
public record AppliedState(
        int number, Instant when, String who, String why, String host, String file, String text, String lock) {}
