package sallyport.engine.cell;

/// Where the fields of a relay message lie in the body of a [Cell]. Which format a circuit has is settled by its
/// encryption, once for its life: [RelayCellV0] or [RelayCellV1]. All offsets count from the body. Nothing here is
/// allocated, and nothing is thrown that a peer could cause: ask [#isReadable] first.
public sealed interface RelayCellFormat permits RelayCellV0, RelayCellV1 {
    /// Zero bytes between data and random padding (proposal 340 may one day read what follows).
    int PADDING_GAP = 4;

    /// Whether the cell holds a message of this format: its data lies within the cell, and in version 1 its command
    /// is a known one. What the methods below say of another cell is worth nothing.
    boolean isReadable(Cell cell);

    int command(Cell cell);

    /// 0 where the message has none.
    int streamId(Cell cell);

    /// Bytes of data as the sender states them.
    int length(Cell cell);

    /// Where the data of a message with that command starts.
    int dataAt(int command);

    /// The most data that a message with that command carries, bytes.
    default int dataMax(int command) {
        return Cell.BODY_LENGTH - dataAt(command);
    }

    /// Writes the header; what relay crypto fills in becomes zero where it wants that.
    ///
    /// @throws IllegalStateException for a stream id that the format cannot express: our own fault
    void header(Cell cell, int command, int streamId, int length);
}
