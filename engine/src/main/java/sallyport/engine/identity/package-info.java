/// The keys of one instance: RSA and Ed25519 identity, signing key, onion keys, link key; their files and rotation.
/// Opened and renewed by control tasks of instance; everyone else reads immutable snapshots.
/// Obeys tor-spec "Keys and names", with the files of C tor, so that an identity can move either way.
@NullMarked
package sallyport.engine.identity;

import org.jspecify.annotations.NullMarked;
