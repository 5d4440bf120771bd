package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;

/// What a client holds for one hop: the mirror of [Tor1Layer]. To send to hop n: [#originate] at n, then [#outer] at
/// n-1 down to the first. To receive: [#backward] from the first hop on, until one recognizes the cell.
public final class Tor1ClientLayer {
    private final Tor1Direction forward;
    private final Tor1Direction backward;

    /// @param keys at least [Tor1Layer#KEYS_LENGTH] bytes; read now, and the caller's to wipe
    public Tor1ClientLayer(byte[] keys) {
        forward = Tor1Layer.forwardOf(keys);
        backward = Tor1Layer.backwardOf(keys);
    }

    /// Seals a message for this hop; [#forwardTag] is its tag.
    public void originate(Cell cell) {
        forward.seal(cell);
        forward.crypt(cell);
    }

    /// Adds this hop's layer around a message for a later one.
    public void outer(Cell cell) {
        forward.crypt(cell);
    }

    /// Peels; true when this hop sent the message, and [#backwardTag] is its tag.
    public boolean backward(Cell cell) {
        backward.crypt(cell);
        return backward.isRecognized(cell);
    }

    /// Borrowed: the next cell overwrites it.
    public byte[] forwardTag() {
        return forward.tag();
    }

    /// Borrowed: the next cell overwrites it.
    public byte[] backwardTag() {
        return backward.tag();
    }
}
