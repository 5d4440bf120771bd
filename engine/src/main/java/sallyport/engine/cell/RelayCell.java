package sallyport.engine.cell;

/// Where the fields of a relay message lie in the body of a [Cell], format v0 (tor-spec "Relay cells"):
/// command (1), recognized (2), stream id (2), digest (4), length (2), data (498). All offsets count from the body.
public final class RelayCell {
    public static final int COMMAND = 0;
    public static final int RECOGNIZED = 1;
    public static final int STREAM_ID = 3;
    public static final int DIGEST = 5;
    public static final int DIGEST_LENGTH = 4;
    public static final int LENGTH = 9;
    /// Where data starts.
    public static final int DATA = 11;
    /// The most data one cell carries, bytes.
    public static final int DATA_MAX = Cell.BODY_LENGTH - DATA;

    private RelayCell() {}

    public static int command(Cell cell) {
        return cell.u8(COMMAND);
    }

    public static int streamId(Cell cell) {
        return cell.u16(STREAM_ID);
    }

    /// Bytes of data as the sender states them: up to 65535, to be checked against [#DATA_MAX].
    public static int length(Cell cell) {
        return cell.u16(LENGTH);
    }

    /// Where data starts in [Cell#array].
    public static int dataOffset() {
        return Cell.BODY + DATA;
    }

    /// Writes the header; recognized and digest become zero, as relay crypto wants them.
    public static void header(Cell cell, int relayCommand, int streamId, int length) {
        cell.put8(COMMAND, relayCommand);
        cell.put16(RECOGNIZED, 0);
        cell.put16(STREAM_ID, streamId);
        cell.put16(DIGEST, 0);
        cell.put16(DIGEST + 2, 0);
        cell.put16(LENGTH, length);
    }
}
