package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;

/// A relay's layer of one circuit. Cells pass in the order of the wire: each changes the state for the next.
/// Runs on: the circuit's loop. Never takes a cell: it changes the bytes and the holder stays.
public sealed interface RelayLayer permits Tor1Layer, CgoLayer {
    /// How messages lie in the cells of this circuit; the same for its life.
    RelayCellFormat format();

    /// Peels a cell that came from the previous hop. True: the message in it is for us, and [#forwardTag] is its tag.
    /// False: it belongs further along the circuit.
    boolean forward(Cell cell);

    /// Adds our layer to a cell that came from the next hop.
    void backward(Cell cell);

    /// Seals a message of ours toward the client, its header written by
    /// [RelayCellFormat#header]; [#backwardTag] is its tag.
    void originate(Cell cell);

    /// What a SENDME must say of the last cell recognized. Borrowed: the next cell overwrites it.
    byte[] forwardTag();

    /// What a SENDME must say of the last cell originated. Borrowed: the next cell overwrites it.
    byte[] backwardTag();
}
