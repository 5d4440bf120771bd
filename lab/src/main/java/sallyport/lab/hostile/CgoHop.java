package sallyport.lab.hostile;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;

/// The client's end of one layer of counter galois onion (proposal 359).
final class CgoHop implements Hop {
    /// For both directions.
    static final int KEY_BYTES = 2 * Direction.KEY_BYTES;

    private static final int TAG_BYTES = Uiv.TAG_BYTES;

    private final Direction forward;
    private final Direction backward;

    /// @param keys at least [#KEY_BYTES] of what the handshake yields
    CgoHop(byte[] keys) {
        forward = new Direction(Arrays.copyOf(keys, Direction.KEY_BYTES));
        backward = new Direction(Arrays.copyOfRange(keys, Direction.KEY_BYTES, KEY_BYTES));
    }

    @Override
    public byte[] body(RelayOut message) {
        return message.bodyV1();
    }

    @Override
    public void seal(int linkCommand, byte[] body) {
        System.arraycopy(forward.nonce, 0, body, 0, TAG_BYTES);
        encrypt(linkCommand, body);
        forward.tag = Arrays.copyOf(body, TAG_BYTES);
        forward.update(forward.nonce);
    }

    @Override
    public void encrypt(int linkCommand, byte[] body) {
        forward.pass(linkCommand, body);
    }

    @Override
    public boolean decrypt(int linkCommand, byte[] body) {
        byte[] arrived = Arrays.copyOf(body, TAG_BYTES);
        backward.pass(linkCommand, body);
        if (!Arrays.equals(body, 0, TAG_BYTES, backward.nonce, 0, TAG_BYTES)) {
            return false;
        }
        backward.tag = arrived;
        backward.update(arrived);
        return true;
    }

    @Override
    public RelayMessage parse(int hop, byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        in.skipNBytes(TAG_BYTES);
        int command = in.readUnsignedByte();
        int length = in.readUnsignedShort();
        int stream = RelayOut.isOfStreamV1(command) ? in.readUnsignedShort() : 0;
        byte[] data = new byte[length];
        in.readFully(data);
        return new RelayMessage(hop, command, stream, data, in.readAllBytes());
    }

    @Override
    public byte[] forwardTag() {
        return forward.tag.clone();
    }

    @Override
    public byte[] backwardTag() {
        return backward.tag.clone();
    }

    /// One way. A client takes layers off in both, for a relay only ever adds one.
    private static final class Direction {
        static final int KEY_BYTES = Uiv.KEY_BYTES + Uiv.TAG_BYTES;

        private Uiv uiv;
        private byte[] nonce;
        private byte[] before = new byte[Uiv.TAG_BYTES];
        private byte[] tag = {};

        Direction(byte[] keys) {
            uiv = new Uiv(Arrays.copyOf(keys, Uiv.KEY_BYTES));
            nonce = Arrays.copyOfRange(keys, Uiv.KEY_BYTES, KEY_BYTES);
        }

        void pass(int linkCommand, byte[] body) {
            byte[] left = Arrays.copyOf(body, Uiv.TAG_BYTES);
            uiv.decrypt(before, linkCommand, body);
            before = left;
        }

        void update(byte[] from) {
            byte[] keys = uiv.next(from);
            uiv = new Uiv(Arrays.copyOf(keys, Uiv.KEY_BYTES));
            nonce = Arrays.copyOfRange(keys, Uiv.KEY_BYTES, KEY_BYTES);
        }
    }
}
