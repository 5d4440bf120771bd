package sallyport.engine.onionservice;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.cell.RelayCellV1;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;

/// The part of an INTRODUCE1 that is meant for us (rend-spec-v3 "INTRODUCE1 cell format"): zeros in place of a key of
/// version 2 (20), type of the key (1), its length (2), the key, extensions. What follows is the service's alone.
///
/// @param authKey names the introduction point, 32 bytes
record Introduce1(byte[] authKey) {
    /// Bytes that stand for the key of version 2.
    static final int LEGACY_KEY_LENGTH = 20;
    /// The longest that any service's circuit can carry, bytes. For all alike, or a client could find out how the
    /// service made its circuit.
    static final int LENGTH_MAX = RelayCellV1.FORMAT.dataMax(RelayCommand.INTRODUCE2);

    static Introduce1 decode(byte[] array, int offset, int length) throws Malformed {
        if (length > LENGTH_MAX) {
            throw new Malformed("INTRODUCE1 too long for INTRODUCE2");
        }
        Reader body = new Reader(array, offset, length);
        if (!Hashes.isAllZero(body.bytes(LEGACY_KEY_LENGTH))) {
            throw new Malformed("INTRODUCE1 of version 2");
        }
        if (body.u8() != EstablishIntro.ED25519_KEY_TYPE || body.u16() != Ed25519.PUBLIC_LENGTH) {
            throw new Malformed("INTRODUCE1 with another kind of key");
        }
        byte[] authKey = body.bytes(Ed25519.PUBLIC_LENGTH);
        ExtensionList.decode(body);
        if (body.remaining() == 0) {
            throw new Malformed("INTRODUCE1 with nothing for the service");
        }
        return new Introduce1(authKey);
    }
}
