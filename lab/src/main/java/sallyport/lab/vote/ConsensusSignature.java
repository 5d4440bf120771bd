package sallyport.lab.vote;

import sallyport.engine.bytes.Base64Text;

/// One authority's signature of a consensus.
///
/// @param identity SHA-1 of its v3 identity key, in upper-case hex
/// @param signingKey SHA-1 of the key that signed, in upper-case hex
@SuppressWarnings("ArrayRecordComponent")
public record ConsensusSignature(String identity, String signingKey, byte[] bytes) {
    /// Which keys it names.
    String keys() {
        return identity + " " + signingKey;
    }

    /// The line and the object under it.
    ///
    /// @param start the keyword and what stands before the keys, with a space behind it
    String text(String start) {
        return start + keys() + "\n-----BEGIN SIGNATURE-----\n" + Base64Text.wrapped(bytes)
                + "-----END SIGNATURE-----\n";
    }
}
