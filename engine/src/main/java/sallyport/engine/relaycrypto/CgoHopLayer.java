package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV1;

/// The mirror of [CgoLayer]: what a client holds for one hop of counter galois onion (proposal 359).
public final class CgoHopLayer implements ClientLayer {
    private final CgoClientDirection forward;
    private final CgoClientDirection backward;

    /// @param keys at least [CgoLayer#KEYS_LENGTH] bytes; read now, and the caller's to wipe
    public CgoHopLayer(byte[] keys) {
        UivPlus.Scratch scratch = new UivPlus.Scratch();
        forward = new CgoClientDirection(keys, 0, scratch);
        backward = new CgoClientDirection(keys, CgoDirection.KEYS_LENGTH, scratch);
    }

    @Override
    public RelayCellFormat format() {
        return RelayCellV1.FORMAT;
    }

    @Override
    public void originate(Cell cell) {
        forward.seal(cell);
    }

    @Override
    public void outer(Cell cell) {
        forward.crypt(cell);
    }

    @Override
    public boolean backward(Cell cell) {
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
