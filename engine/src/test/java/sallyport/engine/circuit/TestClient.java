package sallyport.engine.circuit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionskin.CircuitSecrets;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.Ntor;
import sallyport.engine.onionskin.NtorV3Client;
import sallyport.engine.relaycrypto.CgoClientLayer;
import sallyport.engine.relaycrypto.ClientLayer;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// One circuit of a client, cell by cell; it can be as rude as a test wants. Hop 0 is the relay under test.
final class TestClient {
    /// What arrived: of which hop, which message, and the tag that a SENDME for it must show.
    record Message(int hop, int command, int streamId, byte[] body, byte[] tag) {}

    static final int NOT_DESTROYED = -1;

    private final CircuitRig rig;
    private final FakeLinks.Peer peer;
    private final int circuitId;
    private final CellPool pool = new CellPool();
    private final List<ClientLayer> hops = new ArrayList<>();
    private byte[] nonce = {};
    private int destroyed = NOT_DESTROYED;
    private int spoilt = -1;

    TestClient(CircuitRig rig, FakeLinks.Peer peer, int circuitId) {
        this.rig = rig;
        this.peer = peer;
        // tor-spec "Choosing circuit IDs in create cells": whoever opened the link sets the top bit.
        this.circuitId = circuitId | 1 << 31;
    }

    int circuitId() {
        return circuitId;
    }

    /// Makes the circuit with CREATE_FAST.
    TestClient createFast() throws Malformed {
        byte[] x = CircuitRig.bytes(20, 7);
        peer.deliver(circuitId, CellCommand.CREATE_FAST, x);
        rig.settle();
        byte[] created = only(CellCommand.CREATED_FAST);
        addHop(CreateFast.finish(x, Arrays.copyOfRange(created, Cell.BODY, Cell.BODY + CreateFast.REPLY_LENGTH)));
        return this;
    }

    /// Makes the circuit with CREATE2 and ntor.
    TestClient create() throws Malformed {
        Ntor.Client ntor = ntor();
        peer.deliver(circuitId, CellCommand.CREATE2, create2(2, ntor.request()));
        rig.settle();
        byte[] created = only(CellCommand.CREATED2);
        addHop(ntor.finish(Arrays.copyOfRange(created, Cell.BODY + 2, Cell.BODY + 2 + Ntor.REPLY_LENGTH)));
        return this;
    }

    /// Makes the circuit with CREATE2 and ntor-v3. Returns the SENDME increment that the relay granted.
    int createV3(byte[] extensions) throws Malformed {
        NtorV3Client ntor = ntorV3(extensions);
        peer.deliver(circuitId, CellCommand.CREATE2, create2(3, ntor.request()));
        rig.settle();
        byte[] created = only(CellCommand.CREATED2);
        int length = (created[Cell.BODY] & 0xff) << 8 | (created[Cell.BODY + 1] & 0xff);
        byte[] answer = Arrays.copyOfRange(created, Cell.BODY + 2, Cell.BODY + 2 + length);
        if (Arrays.equals(extensions, NtorV3Client.counterGalois())) {
            CircuitSecrets secrets = ntor.finishCounterGalois(answer);
            nonce = secrets.nonce();
            hops.add(new CgoClientLayer(secrets.keys()));
        } else {
            addHop(ntor.finish(answer));
        }
        return ntor.sendmeIncrement();
    }

    NtorV3Client ntorV3(byte[] extensions) {
        return new NtorV3Client(rig.identity.ed25519(), rig.onionKey.publicKey(), rig.world.secret(32), extensions);
    }

    Ntor.Client ntor() {
        return new Ntor.Client(rig.identity.rsaDigest(), rig.onionKey.publicKey(), rig.world.secret(32));
    }

    static byte[] create2(int type, byte[] handshake) {
        byte[] body = new byte[4 + handshake.length];
        body[1] = (byte) type;
        body[2] = (byte) (handshake.length >>> 8);
        body[3] = (byte) handshake.length;
        System.arraycopy(handshake, 0, body, 4, handshake.length);
        return body;
    }

    void addHop(CircuitSecrets secrets) {
        if (hops.isEmpty()) {
            nonce = secrets.nonce();
        }
        addHop(secrets.keys());
    }

    /// Somebody beyond the relay under test: at the end of a joined circuit, for instance.
    void addHop(byte[] keys) {
        hops.add(new Tor1ClientLayer(keys));
    }

    /// KH of the handshake with the relay under test.
    byte[] nonce() {
        return nonce;
    }

    /// Sends a message to the relay under test.
    void send(int command, int streamId, byte[] body) {
        send(0, CellCommand.RELAY, command, streamId, body, body.length);
    }

    void sendEarly(int command, int streamId, byte[] body) {
        send(0, CellCommand.RELAY_EARLY, command, streamId, body, body.length);
    }

    void send(int hop, int linkCommand, int command, int streamId, byte[] body, int statedLength) {
        Cell cell = pool.acquire();
        RelayCellFormat format = hops.get(hop).format();
        cell.command(linkCommand);
        format.header(cell, command, streamId, statedLength);
        cell.putBytes(format.dataAt(command), body, 0, body.length);
        cell.zeroFrom(format.dataAt(command) + body.length);
        hops.get(hop).originate(cell);
        for (int i = hop - 1; i >= 0; i--) {
            hops.get(i).outer(cell);
        }
        if (spoilt >= 0) {
            cell.put8(spoilt, cell.u8(spoilt) ^ 1);
            spoilt = -1;
        }
        deliver(linkCommand, Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH));
        cell.release();
    }

    /// Has the next cell arrive with one bit changed in this byte of its body.
    void spoilNext(int bodyOffset) {
        spoilt = bodyOffset;
    }

    /// Sends whatever is wanted.
    void deliver(int linkCommand, byte[] body) {
        peer.deliver(circuitId, linkCommand, body);
    }

    /// Reads what has come; cells that no hop recognizes are a failure.
    List<Message> read() {
        rig.settle();
        List<Message> messages = new ArrayList<>();
        for (byte[] array : peer.take()) {
            Cell cell = pool.acquire();
            System.arraycopy(array, 0, cell.array(), 0, array.length);
            if (cell.circuitId() == circuitId) {
                read(cell, messages);
            }
            cell.release();
        }
        return messages;
    }

    private void read(Cell cell, List<Message> messages) {
        if (cell.command() == CellCommand.DESTROY) {
            destroyed = cell.u8(0);
            return;
        }
        if (cell.command() != CellCommand.RELAY) {
            throw new AssertionError("link command " + cell.command());
        }
        for (int hop = 0; hop < hops.size(); hop++) {
            if (hops.get(hop).backward(cell)) {
                RelayCellFormat format = hops.get(hop).format();
                int command = format.command(cell);
                int at = Cell.BODY + format.dataAt(command);
                byte[] body = Arrays.copyOfRange(cell.array(), at, at + format.length(cell));
                byte[] tag = hops.get(hop).backwardTag().clone();
                messages.add(new Message(hop, command, format.streamId(cell), body, tag));
                return;
            }
        }
        throw new AssertionError("a cell of no hop");
    }

    /// The reason of the DESTROY that came, or [#NOT_DESTROYED]. Reads what else there is.
    int destroyed() {
        List<Message> others = read();
        if (destroyed == NOT_DESTROYED && !others.isEmpty()) {
            throw new AssertionError("message " + others.getFirst().command());
        }
        return destroyed;
    }

    byte[] lastTag() {
        return hops.getFirst().forwardTag().clone();
    }

    private byte[] only(int command) {
        List<byte[]> cells = peer.take();
        if (cells.size() != 1 || cells.getFirst()[4] != command) {
            throw new AssertionError("expected one cell " + command + ", got " + cells.size());
        }
        return cells.getFirst();
    }
}
