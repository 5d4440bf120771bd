package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;

/// What a client holds for one hop: the mirror of a [RelayLayer]. To send to hop n: [#originate] at n,
/// then [#outer] at n-1 down to the first. To receive: [#backward] from the first hop on, until one
/// recognizes the cell.
public interface ClientLayer {
    /// For the keys of one hop.
    ///
    /// @param keys read now, and the caller's to wipe
    /// @param counterGalois whether the hop agreed to counter galois onion
    static ClientLayer of(byte[] keys, boolean counterGalois) {
        return counterGalois ? new CgoHopLayer(keys) : new Tor1ClientLayer(keys);
    }

    /// How messages lie in its cells.
    RelayCellFormat format();

    /// Seals a message for this hop; [#forwardTag] is its tag.
    void originate(Cell cell);

    /// Adds this hop's layer around a message for a later one.
    void outer(Cell cell);

    /// Peels; true when this hop sent the message, and [#backwardTag] is its tag.
    boolean backward(Cell cell);

    /// Borrowed: the next cell overwrites it.
    byte[] forwardTag();

    /// Borrowed: the next cell overwrites it.
    byte[] backwardTag();
}
