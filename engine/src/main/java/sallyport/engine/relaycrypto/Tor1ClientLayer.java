package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV0;

/// The mirror of [Tor1Layer].
public final class Tor1ClientLayer implements ClientLayer {
    private final Tor1Direction forward;
    private final Tor1Direction backward;

    /// @param keys at least [Tor1Layer#KEYS_LENGTH] bytes; read now, and the caller's to wipe
    public Tor1ClientLayer(byte[] keys) {
        byte[] scratch = new byte[Tor1Direction.SCRATCH_LENGTH];
        forward = Tor1Layer.forwardOf(keys, scratch);
        backward = Tor1Layer.backwardOf(keys, scratch);
    }

    @Override
    public RelayCellFormat format() {
        return RelayCellV0.FORMAT;
    }

    @Override
    public void originate(Cell cell) {
        forward.seal(cell);
        forward.crypt(cell);
    }

    @Override
    public void outer(Cell cell) {
        forward.crypt(cell);
    }

    @Override
    public boolean backward(Cell cell) {
        backward.crypt(cell);
        return backward.isRecognized(cell);
    }

    @Override
    public byte[] forwardTag() {
        return forward.tag();
    }

    @Override
    public byte[] backwardTag() {
        return backward.tag();
    }
}
