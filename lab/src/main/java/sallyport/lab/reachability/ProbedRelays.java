package sallyport.lab.reachability;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// Whom there is to reach, and who hears of it: the roster, as whoever runs an authority shares it. Called
/// by one control task.
public interface ProbedRelays {
    /// All relays that the authority knows.
    Collection<ProbeTarget> all();

    /// One of them; null where it is known no longer.
    @Nullable
    ProbeTarget of(String fingerprint);

    /// Fingerprints of those to be tried at once, because they are new, have moved or are awake again. Each
    /// is named once.
    Set<String> untested();

    /// A relay of that RSA identity answered.
    ///
    /// @param ed25519 the identity that it proved; whether it is the relay's own is not looked at here
    /// @param at where
    void reached(String fingerprint, byte[] ed25519, RelayAddress at);
}
