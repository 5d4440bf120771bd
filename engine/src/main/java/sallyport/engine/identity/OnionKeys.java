package sallyport.engine.identity;

import org.jspecify.annotations.Nullable;

/// The onion keys that clients may use now: the published one and, for some days after a rotation, the one before.
public record OnionKeys(NtorKeyPair current, @Nullable NtorKeyPair previous) {}
