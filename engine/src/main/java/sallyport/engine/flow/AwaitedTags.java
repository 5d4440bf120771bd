package sallyport.engine.flow;

import java.security.MessageDigest;
import java.util.Arrays;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;

/// The acknowledgements that a client owes us, oldest first: the tag each must show, and when its cell left.
/// Grows to what a circuit needs and is used again from then on.
final class AwaitedTags {
    // Ours: 8,192 SENDMEs of 31 cells are 126 MB under way to one client, whose tags cost us some 400 kB.
    static final int MAX = 8192;
    private static final int START = 16;

    private byte[][] tags = slots(START);
    private long[] sentMicros = new long[START];
    private int oldest;
    private int awaited;

    /// Whether there is room for one more.
    boolean hasRoom() {
        return awaited < MAX;
    }

    /// Copies the tag.
    void add(byte[] tag, long nowMicros) {
        if (awaited == tags.length) {
            grow();
        }
        int slot = slot(awaited++);
        byte[] place = tags[slot];
        if (place.length != tag.length) {
            tags[slot] = Arrays.copyOf(tag, tag.length);
        } else {
            System.arraycopy(tag, 0, place, 0, tag.length);
        }
        sentMicros[slot] = nowMicros;
    }

    /// Takes the oldest, which this SENDME answers.
    ///
    /// @return when the acknowledged cell left, in microseconds of the ticker
    /// @throws ProtocolViolation of the circuit where nothing was awaited or the tag is another
    long take(SendmeBody sendme) throws ProtocolViolation {
        if (awaited == 0) {
            throw violation("SENDME that nothing awaited");
        }
        int slot = oldest;
        oldest = slot(1);
        awaited--;
        // The comparison looks at every byte; a tag of another length is wrong as well.
        if (sendme.version() > 0 && !MessageDigest.isEqual(tags[slot], sendme.tag())) {
            throw violation("SENDME with a wrong tag");
        }
        return sentMicros[slot];
    }

    int awaited() {
        return awaited;
    }

    static ProtocolViolation violation(String what) {
        return ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, what);
    }

    private int slot(int index) {
        return (oldest + index) & (tags.length - 1);
    }

    private void grow() {
        byte[][] moreTags = slots(2 * tags.length);
        long[] moreMicros = new long[2 * tags.length];
        for (int i = 0; i < awaited; i++) {
            moreTags[i] = tags[slot(i)];
            moreMicros[i] = sentMicros[slot(i)];
        }
        tags = moreTags;
        sentMicros = moreMicros;
        oldest = 0;
    }

    private static byte[][] slots(int count) {
        return new byte[count][0];
    }
}
