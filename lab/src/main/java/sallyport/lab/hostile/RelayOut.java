package sallyport.lab.hostile;

import java.security.SecureRandom;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;

/// A relay message on its way out, honest until told otherwise. It is its own builder: `with…` answers
/// changed copies.
///
/// @param length what the length field says
/// @param recognized what the field says that is zero in an honest cell
/// @param isEarly whether it goes as RELAY_EARLY
/// @param isSigned whether the digest is right
record RelayOut(int command, int stream, byte[] data, int length, int recognized, boolean isEarly, boolean isSigned) {
    /// The most data of one cell in format v0.
    static final int DATA_BYTES_MAX = 498;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ZEROS_BEHIND_DATA = 4;

    static RelayOut of(int command, int stream, byte[] data) {
        return new RelayOut(command, stream, data, data.length, 0, false, true);
    }

    RelayOut withLength(int claimed) {
        return new RelayOut(command, stream, data, claimed, recognized, isEarly, isSigned);
    }

    RelayOut withRecognized(int claimed) {
        return new RelayOut(command, stream, data, length, claimed, isEarly, isSigned);
    }

    RelayOut early() {
        return new RelayOut(command, stream, data, length, recognized, true, isSigned);
    }

    RelayOut unsigned() {
        return new RelayOut(command, stream, data, length, recognized, isEarly, false);
    }

    /// 509 bytes in which the digest is still zero.
    byte[] body() {
        Writer out = new Writer()
                .u8(command)
                .u16(recognized)
                .u16(stream)
                .u32(0)
                .u16(length)
                .bytes(data);
        byte[] padding = new byte[WireCell.BODY_BYTES - out.size()];
        RANDOM.nextBytes(padding);
        Arrays.fill(padding, 0, Math.min(ZEROS_BEHIND_DATA, padding.length), (byte) 0);
        return out.bytes(padding).toBytes();
    }
}
