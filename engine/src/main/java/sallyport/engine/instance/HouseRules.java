package sallyport.engine.instance;

import sallyport.engine.identity.KeyLifetimes;

/// What the operator wants of every relay of the process. A running relay follows a change.
///
/// @param keys how long the keys that relays make for themselves are good for
public record HouseRules(KeyLifetimes keys) {
    /// C tor's.
    public static final HouseRules DEFAULT = new HouseRules(KeyLifetimes.DEFAULT);
}
