package sallyport.engine.cell;

/// The format of circuits with AES-CTR and SHA-1, as [RelayCell] lays it out: every message has a stream id.
public final class RelayCellV0 implements RelayCellFormat {
    public static final RelayCellV0 FORMAT = new RelayCellV0();

    private RelayCellV0() {}

    @Override
    public boolean isReadable(Cell cell) {
        return RelayCell.length(cell) <= RelayCell.DATA_MAX;
    }

    @Override
    public int command(Cell cell) {
        return RelayCell.command(cell);
    }

    @Override
    public int streamId(Cell cell) {
        return RelayCell.streamId(cell);
    }

    @Override
    public int length(Cell cell) {
        return RelayCell.length(cell);
    }

    @Override
    public int dataAt(int command) {
        return RelayCell.DATA;
    }

    @Override
    public void header(Cell cell, int command, int streamId, int length) {
        RelayCell.header(cell, command, streamId, length);
    }
}
