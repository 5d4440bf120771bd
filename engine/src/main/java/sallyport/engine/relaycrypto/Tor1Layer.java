package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV0;

/// The relay's side of AES-128-CTR with a running SHA-1 (tor-spec "Routing relay cells").
public final class Tor1Layer implements RelayLayer {
    /// Bytes of Df and of Db.
    static final int DIGEST_SEED_LENGTH = 20;
    /// Bytes of Kf and of Kb.
    static final int KEY_LENGTH = 16;
    /// Bytes of key material: Df | Db | Kf | Kb.
    public static final int KEYS_LENGTH = 2 * DIGEST_SEED_LENGTH + 2 * KEY_LENGTH;
    /// Bytes of a SENDME tag: the whole digest.
    public static final int TAG_LENGTH = 20;

    private final Tor1Direction forward;
    private final Tor1Direction backward;

    /// @param keys at least [#KEYS_LENGTH] bytes; read now, and the caller's to wipe
    public Tor1Layer(byte[] keys) {
        byte[] scratch = new byte[Tor1Direction.SCRATCH_LENGTH];
        forward = forwardOf(keys, scratch);
        backward = backwardOf(keys, scratch);
    }

    @Override
    public RelayCellFormat format() {
        return RelayCellV0.FORMAT;
    }

    @Override
    public boolean forward(Cell cell) {
        forward.crypt(cell);
        return forward.isRecognized(cell);
    }

    @Override
    public void backward(Cell cell) {
        backward.crypt(cell);
    }

    @Override
    public void originate(Cell cell) {
        backward.seal(cell);
        backward.crypt(cell);
    }

    @Override
    public byte[] forwardTag() {
        return forward.tag();
    }

    @Override
    public byte[] backwardTag() {
        return backward.tag();
    }

    static Tor1Direction forwardOf(byte[] keys, byte[] scratch) {
        return new Tor1Direction(keys, 0, 2 * DIGEST_SEED_LENGTH, scratch);
    }

    static Tor1Direction backwardOf(byte[] keys, byte[] scratch) {
        return new Tor1Direction(keys, DIGEST_SEED_LENGTH, 2 * DIGEST_SEED_LENGTH + KEY_LENGTH, scratch);
    }
}
