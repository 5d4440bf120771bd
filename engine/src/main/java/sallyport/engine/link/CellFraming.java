package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ProtocolViolation;

/// Cuts the decrypted stream of one link into cells, wherever the TLS records happen to end.
///
/// Fixed cells are copied once, from the TLS buffer into a [Cell]. Variable-length cells have a meaning only during
/// the link handshake; at other times, and when they are padding, their bytes are passed over without being kept.
/// While a transcript is set, it is fed every byte of a variable-length cell as it came.
final class CellFraming {
    /// Where cells go. `onFixed` takes the cell.
    interface Sink {
        void onFixed(Cell cell) throws ProtocolViolation;

        void onVariable(int circuitId, int command, byte[] body) throws ProtocolViolation;

        /// Whether to go on: false once the link is closed, and while its handshake waits.
        boolean isOpenForCells();
    }

    // Ours: C tor's own CERTS cell is 1.4 kB; RSA identities of 4,096 bits would still fit. Kept on the heap before
    // the peer is known, so it stays small.
    static final int HANDSHAKE_BODY_BYTES_MAX = 8192;
    // Ours: a peer may pad its handshake with VPADDING; two cells of full length are more than anyone needs.
    static final int HANDSHAKE_PASSED_BYTES_MAX = 1 << 17;

    private static final int VARIABLE_LENGTH_BYTES = 2;
    private static final byte[] NO_BYTES = new byte[0];

    private final CellPool pool;
    private final Sink sink;

    // circuit id (2 or 4), command (1), and for a variable-length cell its length (2)
    private final byte[] header = new byte[7];
    private int headerBytes;
    private int circuitIdBytes = 2;
    private boolean handshaking = true;

    private @Nullable Cell cell;
    private byte @Nullable [] body;
    private int variableCommand;
    private int variableCircuitId;
    private int bodyBytes;
    private int passBytes;
    private int passedBytes;
    private @Nullable MessageDigest transcript;

    CellFraming(CellPool pool, Sink sink) {
        this.pool = pool;
        this.sink = sink;
    }

    /// From the next cell on, circuit ids have this length: 2, or 4 from link version 4 on.
    void circuitIdBytes(int bytes) {
        circuitIdBytes = bytes;
    }

    /// From the next cell on, variable-length cells are passed over, or refused where they belong to the handshake.
    void handshakeOver() {
        handshaking = false;
        transcript = null;
    }

    /// Feeds `digest` from the next variable-length cell on, AUTHENTICATE excepted; null ends it.
    void transcript(@Nullable MessageDigest digest) {
        transcript = digest;
    }

    /// Reads all of `in`, unless a cell closes the link or makes it wait. Borrows `in`.
    void read(ByteBuf in) throws ProtocolViolation {
        while (sink.isOpenForCells() && in.isReadable()) {
            if (cell != null) {
                fillCell(cell, in);
            } else if (body != null) {
                fillBody(body, in);
            } else if (passBytes > 0) {
                pass(in);
            } else {
                readHeader(in);
            }
        }
    }

    /// Gives back what is half read.
    void close() {
        if (cell != null) {
            cell.release();
            cell = null;
        }
        body = null;
    }

    private void readHeader(ByteBuf in) throws ProtocolViolation {
        int fixedHeader = circuitIdBytes + 1;
        takeHeader(in, fixedHeader);
        if (headerBytes < fixedHeader) {
            return;
        }
        int command = header[circuitIdBytes] & 0xff;
        if (!CellCommand.isVariable(command)) {
            Cell fresh = pool.acquire();
            fresh.circuitId(circuitId());
            fresh.command(command);
            headerBytes = 0;
            bodyBytes = 0;
            cell = fresh;
            if (in.isReadable()) {
                fillCell(fresh, in);
            }
            return;
        }
        takeHeader(in, fixedHeader + VARIABLE_LENGTH_BYTES);
        if (headerBytes == fixedHeader + VARIABLE_LENGTH_BYTES) {
            beginVariable(command, (header[fixedHeader] & 0xff) << 8 | (header[fixedHeader + 1] & 0xff));
        }
    }

    private void beginVariable(int command, int length) throws ProtocolViolation {
        if (command == CellCommand.AUTHENTICATE) {
            transcript = null;
        }
        if (transcript != null) {
            transcript.update(header, 0, headerBytes);
        }
        headerBytes = 0;
        if (handshaking && isHandshakeCommand(command)) {
            if (length > HANDSHAKE_BODY_BYTES_MAX) {
                throw ProtocolViolation.link("handshake cell too long");
            }
            bodyBytes = 0;
            body = new byte[length];
            variableCommand = command;
            variableCircuitId = circuitId();
            if (length == 0) {
                finishBody(body);
            }
            return;
        }
        if (handshaking) {
            passedBytes += length + 1;
            if (passedBytes > HANDSHAKE_PASSED_BYTES_MAX) {
                throw ProtocolViolation.link("handshake padded too much");
            }
            // Even an ignored cell may come at the wrong time.
            sink.onVariable(circuitId(), command, NO_BYTES);
        } else if (command != CellCommand.VERSIONS && isHandshakeCommand(command)) {
            // tor-spec "Initializing connections": each of them has its place, and that was before the link was open.
            throw ProtocolViolation.link("link: handshake cell on an open link");
        }
        passBytes = length;
    }

    private void fillCell(Cell target, ByteBuf in) throws ProtocolViolation {
        int take = Math.min(Cell.BODY_LENGTH - bodyBytes, in.readableBytes());
        in.readBytes(target.array(), Cell.BODY + bodyBytes, take);
        bodyBytes += take;
        if (bodyBytes == Cell.BODY_LENGTH) {
            cell = null;
            sink.onFixed(target);
        }
    }

    private void fillBody(byte[] target, ByteBuf in) throws ProtocolViolation {
        int take = Math.min(target.length - bodyBytes, in.readableBytes());
        in.readBytes(target, bodyBytes, take);
        bodyBytes += take;
        if (bodyBytes == target.length) {
            finishBody(target);
        }
    }

    private void finishBody(byte[] whole) throws ProtocolViolation {
        if (transcript != null) {
            transcript.update(whole);
        }
        body = null;
        sink.onVariable(variableCircuitId, variableCommand, whole);
    }

    private void pass(ByteBuf in) {
        int take = Math.min(passBytes, in.readableBytes());
        if (transcript != null) {
            for (int i = 0; i < take; i++) {
                transcript.update(in.getByte(in.readerIndex() + i));
            }
        }
        in.skipBytes(take);
        passBytes -= take;
    }

    private void takeHeader(ByteBuf in, int wanted) {
        int take = Math.min(wanted - headerBytes, in.readableBytes());
        if (take > 0) {
            in.readBytes(header, headerBytes, take);
            headerBytes += take;
        }
    }

    private int circuitId() {
        int high = (header[0] & 0xff) << 8 | (header[1] & 0xff);
        return circuitIdBytes == 2 ? high : high << 16 | (header[2] & 0xff) << 8 | (header[3] & 0xff);
    }

    private static boolean isHandshakeCommand(int command) {
        return switch (command) {
            case CellCommand.VERSIONS, CellCommand.CERTS, CellCommand.AUTH_CHALLENGE, CellCommand.AUTHENTICATE -> true;
            default -> false;
        };
    }
}
