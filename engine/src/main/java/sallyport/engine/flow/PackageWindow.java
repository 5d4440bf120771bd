package sallyport.engine.flow;

import java.security.MessageDigest;
import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.SendmeBody;

/// What we may still send to a client before it acknowledges, and the tags its SENDMEs must show (tor-spec
/// "Circuit-level flow control", proposal 289).
public final class PackageWindow {
    /// Bounds and default of the parameter `circwindow`, cells.
    public static final int START_CELLS_MIN = 100;

    public static final int START_CELLS_MAX = 1000;

    // A window never exceeds 1000 cells, so no more acknowledgements than these can be awaited.
    private static final int TAGS_MAX = START_CELLS_MAX / DeliverWindow.INCREMENT_CELLS;

    private final byte[][] tags = new byte[TAGS_MAX][];
    private int cells;
    private int sent;
    private int oldestTag;
    private int awaited;

    /// @param startCells the parameter `circwindow`, within its bounds
    public PackageWindow(int startCells) {
        this.cells = startCells;
    }

    public boolean isOpen() {
        return cells > 0;
    }

    /// A DATA cell was sealed.
    ///
    /// @param tag of that cell; copied where a SENDME will have to show it
    public void dataSent(byte[] tag) {
        if (--cells < 0) {
            throw new IllegalStateException("DATA sent beyond the window");
        }
        if (++sent < DeliverWindow.INCREMENT_CELLS) {
            return;
        }
        sent = 0;
        tags[(oldestTag + awaited++) % TAGS_MAX] = Arrays.copyOf(tag, tag.length);
    }

    /// A circuit-level SENDME came.
    ///
    /// @param versionMin the parameter `sendme_accept_min_version`
    /// @param version0Allowed whether version 0 is accepted whatever that says: on circuits of CREATE_FAST
    /// @throws ProtocolViolation for one that is unexpected, unreadable, too old or shows another tag
    public void sendme(byte[] array, int offset, int length, int versionMin, boolean version0Allowed)
            throws ProtocolViolation {
        SendmeBody body = decode(array, offset, length);
        if (body.version() < versionMin && !(body.version() == 0 && version0Allowed)) {
            throw violation("SENDME of a version no longer accepted");
        }
        if (awaited == 0) {
            throw violation("SENDME that nothing awaited");
        }
        byte[] expected = tags[oldestTag];
        oldestTag = (oldestTag + 1) % TAGS_MAX;
        awaited--;
        // The comparison looks at every byte; a tag of another length is wrong as well.
        if (body.version() > 0 && !MessageDigest.isEqual(expected, body.tag())) {
            throw violation("SENDME with a wrong tag");
        }
        if (cells + DeliverWindow.INCREMENT_CELLS > START_CELLS_MAX) {
            throw violation("SENDME beyond the circuit window");
        }
        cells += DeliverWindow.INCREMENT_CELLS;
    }

    private static SendmeBody decode(byte[] array, int offset, int length) throws ProtocolViolation {
        try {
            return SendmeBody.decode(array, offset, length);
        } catch (Malformed e) {
            throw violation("SENDME that cannot be read");
        }
    }

    private static ProtocolViolation violation(String what) {
        return ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, what);
    }
}
