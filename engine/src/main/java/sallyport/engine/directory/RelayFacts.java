package sallyport.engine.directory;

import org.jspecify.annotations.Nullable;

/// What a microdescriptor or descriptor adds to a relay's entry in the consensus.
@SuppressWarnings("ArrayRecordComponent")
record RelayFacts(byte @Nullable [] ed25519, byte[] ntorKey) {}
