package sallyport.engine.cell;

/// The format of circuits with counter galois onion (proposal 359): tag (16), command (1), length (2), stream id (2)
/// where the command is one of streams, data. The tag is relay crypto's alone.
public final class RelayCellV1 implements RelayCellFormat {
    public static final RelayCellV1 FORMAT = new RelayCellV1();

    private static final int TAG_LENGTH = 16;
    private static final int COMMAND = TAG_LENGTH;
    private static final int LENGTH = COMMAND + 1;
    private static final int STREAM_ID = LENGTH + 2;
    private static final int DATA_WITHOUT_STREAM = STREAM_ID;
    private static final int DATA_WITH_STREAM = STREAM_ID + 2;

    private RelayCellV1() {}

    @Override
    public boolean isReadable(Cell cell) {
        int command = command(cell);
        return RelayCommand.isKnown(command) && length(cell) <= dataMax(command);
    }

    @Override
    public int command(Cell cell) {
        return cell.u8(COMMAND);
    }

    @Override
    public int streamId(Cell cell) {
        return hasStreamId(command(cell)) ? cell.u16(STREAM_ID) : 0;
    }

    @Override
    public int length(Cell cell) {
        return cell.u16(LENGTH);
    }

    @Override
    public int dataAt(int command) {
        return hasStreamId(command) ? DATA_WITH_STREAM : DATA_WITHOUT_STREAM;
    }

    @Override
    public void header(Cell cell, int command, int streamId, int length) {
        if (hasStreamId(command) != (streamId != 0)) {
            throw new IllegalStateException("relay command " + command + " with stream id " + streamId);
        }
        cell.put8(COMMAND, command);
        cell.put16(LENGTH, length);
        if (streamId != 0) {
            cell.put16(STREAM_ID, streamId);
        }
    }

    /// SENDME is not among them: the streams of such circuits are held back by XOFF and XON.
    private static boolean hasStreamId(int command) {
        return switch (command) {
            case RelayCommand.BEGIN,
                    RelayCommand.BEGIN_DIR,
                    RelayCommand.CONNECTED,
                    RelayCommand.DATA,
                    RelayCommand.END,
                    RelayCommand.RESOLVE,
                    RelayCommand.RESOLVED,
                    RelayCommand.XOFF,
                    RelayCommand.XON -> true;
            default -> false;
        };
    }
}
