package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV1;

/// The relay's side of counter galois onion (proposal 359). A cell that was changed anywhere is recognized nowhere,
/// and so is everything after it; each message that is ours changes the keys for good.
public final class CgoLayer implements RelayLayer {
    /// Bytes of key material: forward, then backward.
    public static final int KEYS_LENGTH = 2 * CgoDirection.KEYS_LENGTH;
    /// Bytes of a SENDME tag.
    public static final int TAG_LENGTH = UivPlus.TAG_LENGTH;

    private final CgoDirection forward;
    private final CgoDirection backward;

    /// @param keys at least [#KEYS_LENGTH] bytes; read now, and the caller's to wipe
    public CgoLayer(byte[] keys) {
        UivPlus.Scratch scratch = new UivPlus.Scratch();
        forward = new CgoDirection(keys, 0, scratch);
        backward = new CgoDirection(keys, CgoDirection.KEYS_LENGTH, scratch);
    }

    @Override
    public RelayCellFormat format() {
        return RelayCellV1.FORMAT;
    }

    @Override
    public boolean forward(Cell cell) {
        return forward.isRecognized(cell);
    }

    @Override
    public void backward(Cell cell) {
        backward.crypt(cell);
    }

    @Override
    public void originate(Cell cell) {
        backward.seal(cell);
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
