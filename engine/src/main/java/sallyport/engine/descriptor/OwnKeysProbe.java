package sallyport.engine.descriptor;

import sallyport.engine.address.RelayAddress;

/// Asks whether anybody but the relay itself takes links at a place with its keys.
@FunctionalInterface
public interface OwnKeysProbe {
    /// Whether somebody does; not where nobody answers, or does so late. May take seconds.
    boolean answersAt(RelayAddress place) throws InterruptedException;
}
