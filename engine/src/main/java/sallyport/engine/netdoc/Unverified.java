package sallyport.engine.netdoc;

import java.time.Instant;
import sallyport.engine.bytes.Malformed;

/// A signed document that was read but is not believed. `verify` is the only way to its content.
public interface Unverified<T> {
    /// Checks signatures and time.
    ///
    /// @throws Refused when it does not deserve belief
    /// @throws Malformed when a part that is read only after its signatures is misshapen
    T verify(DirectoryTrust trust, Instant now) throws Refused, Malformed;
}
