package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.engine.cell.RelayCommand.BEGIN_DIR;
import static sallyport.engine.cell.RelayCommand.CONNECTED;
import static sallyport.engine.cell.RelayCommand.DATA;
import static sallyport.engine.cell.RelayCommand.END;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.engine.cell.RelayCommand.RESOLVED;
import static sallyport.engine.cell.RelayCommand.XOFF;
import static sallyport.engine.cell.RelayCommand.XON;

import java.security.SecureRandom;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.CellCommand;

/// A relay message on its way out, honest until told otherwise. It is its own builder: `with…` answers
/// changed copies. Format v1 has fewer fields: no stream id of what concerns no stream, and nothing for `recognized`.
///
/// @param length what the length field says
/// @param recognized what the field says that is zero in an honest cell
/// @param isEarly whether it goes as RELAY_EARLY
/// @param isSigned whether it is sealed, so that its hop recognizes it
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

    /// What travels around it: RELAY or RELAY_EARLY.
    int linkCommand() {
        return isEarly ? CellCommand.RELAY_EARLY : CellCommand.RELAY;
    }

    /// 509 bytes in which the digest is still zero (tor-spec section 6.1).
    byte[] bodyV0() {
        return padded(new Writer()
                .u8(command)
                .u16(recognized)
                .u16(stream)
                .u32(0)
                .u16(length)
                .bytes(data));
    }

    /// 509 bytes in which the tag is still zero (proposal 359).
    byte[] bodyV1() {
        Writer out = new Writer().bytes(new byte[Uiv.TAG_BYTES]).u8(command).u16(length);
        if (isOfStreamV1(command)) {
            out.u16(stream);
        }
        return padded(out.bytes(data));
    }

    /// Whether messages of this kind have a stream id in format v1.
    static boolean isOfStreamV1(int command) {
        return switch (command) {
            case BEGIN, BEGIN_DIR, CONNECTED, DATA, END, RESOLVE, RESOLVED, XOFF, XON -> true;
            default -> false;
        };
    }

    private static byte[] padded(Writer out) {
        byte[] padding = new byte[WireCell.BODY_BYTES - out.size()];
        RANDOM.nextBytes(padding);
        Arrays.fill(padding, 0, Math.min(ZEROS_BEHIND_DATA, padding.length), (byte) 0);
        return out.bytes(padding).toBytes();
    }
}
