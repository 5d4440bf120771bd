package sallyport.lab.vote;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;

/// Who voted: `dir-source` and what follows it (dir-spec 3.4.1).
///
/// @param identity SHA-1 of its v3 identity key
/// @param legacyIdentity the key it had before, as `legacy-dir-key` names it
/// @param host its name or address, as it wrote it
/// @param directory where it answers HTTP; port 0 where it does not
/// @param contact one line
@SuppressWarnings("ArrayRecordComponent")
public record Voter(
        String nickname,
        byte[] identity,
        byte @Nullable [] legacyIdentity,
        String host,
        RelayAddress directory,
        int orPort,
        String contact) {

    /// The line `dir-source` under one of its identities.
    String source(String name, byte[] id) {
        return "dir-source " + name + " " + Hex.upper(id) + " " + host + " " + directory.host() + " " + directory.port()
                + " " + orPort;
    }
}
