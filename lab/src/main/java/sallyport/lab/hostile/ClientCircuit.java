package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.CREATED2;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.CellCommand.RELAY_EARLY;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.RelayCommand;

/// A circuit of ours over any number of hops, and what came back on it.
final class ClientCircuit {
    private static final int FIRST_SENTINEL_STREAM = 60_000;
    private static final byte[] SENTINEL = "192.0.2.1\0".getBytes(StandardCharsets.US_ASCII);

    private final ClientLink link;
    private final long id;
    private final List<Hop> hops = new ArrayList<>();
    private int nextSentinel = FIRST_SENTINEL_STREAM;
    private int dataCells;
    private boolean hasDuty;

    private ClientCircuit(ClientLink link, long id) {
        this.link = link;
        this.id = id;
    }

    /// A circuit that the relay knows nothing of yet.
    static ClientCircuit none(ClientLink link) {
        return new ClientCircuit(link, link.freshCircuit());
    }

    /// A circuit of one hop by CREATE_FAST.
    static ClientCircuit fast(ClientLink link) throws IOException {
        ClientCircuit circuit = none(link);
        CreateFast fast = new CreateFast();
        link.wire().send(circuit.id, CREATE_FAST, fast.request());
        circuit.hops.add(new Tor1Hop(fast.finish(circuit.awaitCell(CREATED_FAST).body())));
        return circuit;
    }

    /// A circuit of one hop by CREATE2.
    static ClientCircuit create(ClientLink link, OnionSkin skin) throws IOException {
        ClientCircuit circuit = none(link);
        link.wire().send(circuit.id, CREATE2, create2(skin.type(), skin.request()));
        circuit.hops.add(skin.hop(handshakeData(circuit.awaitCell(CREATED2).body())));
        return circuit;
    }

    /// The body of CREATE2, and the end of EXTEND2.
    static byte[] create2(int type, byte[] request) {
        return new Writer().u16(type).u16(request.length).bytes(request).toBytes();
    }

    /// The body of CREATED2.
    static byte[] created2(byte[] reply) {
        return new Writer().u16(reply.length).bytes(reply).toBytes();
    }

    /// What CREATED2 and EXTENDED2 hold.
    static byte[] handshakeData(byte[] created2) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(created2));
        byte[] data = new byte[in.readUnsignedShort()];
        in.readFully(data);
        return data;
    }

    /// One hop more, as an honest client does it.
    ClientCircuit extend(RelayFacts to, OnionSkin skin) throws IOException {
        send(RelayOut.of(RelayCommand.EXTEND2, 0, Extend2.to(to).skin(skin.type(), skin.request()))
                .early());
        RelayMessage extended = awaitMessage(RelayCommand.EXTENDED2);
        hops.add(skin.hop(handshakeData(extended.data())));
        return this;
    }

    ClientLink link() {
        return link;
    }

    long id() {
        return id;
    }

    /// KH of the handshake with the first hop; only where that was ntor.
    byte[] nonce() {
        return switch (hops.getFirst()) {
            case Tor1Hop hop -> hop.nonce();
            case CgoHop _ -> throw new IllegalStateException("no row needs it");
        };
    }

    /// Who sits at the far end of a circuit that was joined with this one is a hop like others.
    void addHop(Hop hop) {
        hops.add(hop);
    }

    /// From now on it serves an onion service, and relays refuse names to such.
    ClientCircuit onDuty() {
        hasDuty = true;
        return this;
    }

    /// The hop at the end.
    Hop lastHop() {
        return hops.getLast();
    }

    /// To the last hop.
    ClientCircuit send(int command, int stream, byte[] data) throws IOException {
        return send(RelayOut.of(command, stream, data));
    }

    /// To the last hop.
    ClientCircuit send(RelayOut message) throws IOException {
        return send(hops.size() - 1, message);
    }

    /// To any hop.
    ClientCircuit send(int hop, RelayOut message) throws IOException {
        return sendSealed(message.linkCommand(), sealed(hop, message));
    }

    /// A message to the last hop as its cell's body is on the wire. It counts as sent: what follows is sealed as what
    /// follows it.
    byte[] sealed(RelayOut message) {
        return sealed(hops.size() - 1, message);
    }

    /// A body as it is on the wire when it is to be this one behind the last hop.
    byte[] wrapped(int linkCommand, byte[] body) {
        byte[] encrypted = body.clone();
        for (Hop hop : hops.reversed()) {
            hop.encrypt(linkCommand, encrypted);
        }
        return encrypted;
    }

    /// A cell as it is on the wire.
    ///
    /// @param linkCommand RELAY or RELAY_EARLY
    ClientCircuit sendSealed(int linkCommand, byte[] body) throws IOException {
        link.wire().send(id, linkCommand, body);
        return this;
    }

    private byte[] sealed(int hop, RelayOut message) {
        byte[] body = hops.get(hop).body(message);
        if (message.isSigned()) {
            hops.get(hop).seal(message.linkCommand(), body);
        } else {
            hops.get(hop).encrypt(message.linkCommand(), body);
        }
        for (int i = hop - 1; i >= 0; i--) {
            hops.get(i).encrypt(message.linkCommand(), body);
        }
        return body;
    }

    /// What comes next on this circuit, as the rows write it; waits for it.
    String answer() throws IOException {
        WireCell cell = link.next(id);
        return cell == null ? "closed" : text(cell, open(cell));
    }

    /// As many answers as are expected.
    String answers(int count) throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(answer());
        }
        return String.join(", ", all);
    }

    /// Everything that comes before the answer to a question asked now, or up to the circuit's end;
    /// `nothing` if it is nothing. The question is a RESOLVE of an address, which every relay refuses at
    /// once and to anybody, or a TRUNCATE of nothing where the circuit serves an onion service.
    String quiet() throws IOException {
        int sentinel = hasDuty ? 0 : nextSentinel++;
        int answer = hasDuty ? RelayCommand.TRUNCATED : RelayCommand.RESOLVED;
        if (hasDuty) {
            send(0, RelayOut.of(RelayCommand.TRUNCATE, sentinel, new byte[1]));
        } else {
            send(RelayCommand.RESOLVE, sentinel, SENTINEL);
        }
        List<String> seen = new ArrayList<>();
        while (true) {
            WireCell cell = link.next(id);
            if (cell == null) {
                seen.add("closed");
                break;
            }
            RelayMessage message = open(cell);
            if (message != null && message.command() == answer && message.stream() == sentinel) {
                break;
            }
            seen.add(text(cell, message));
            if (cell.command() == DESTROY) {
                break;
            }
        }
        return seen.isEmpty() ? "nothing" : String.join(", ", seen);
    }

    /// One answer, then whatever else there is.
    String answerThenQuiet() throws IOException {
        String first = answer();
        return first.startsWith("DESTROY") || first.equals("closed") ? first : first + ", then " + quiet();
    }

    /// What comes next, decrypted.
    ///
    /// @throws IOException where it is no message, or the link ended
    RelayMessage message() throws IOException {
        WireCell cell = link.next(id);
        RelayMessage message = cell == null ? null : open(cell);
        if (message == null) {
            throw new IOException(
                    "instead of a message came " + (cell == null ? "the end of the link" : text(cell, null)));
        }
        return message;
    }

    /// Waits for a message of this kind and fails when something else comes.
    RelayMessage awaitMessage(int command) throws IOException {
        WireCell cell = link.next(id);
        RelayMessage message = cell == null ? null : open(cell);
        if (message == null || message.command() != command) {
            throw new IOException("instead of relay command " + command + " came "
                    + (cell == null ? "the end of the link" : text(cell, message)));
        }
        return message;
    }

    /// Waits for a cell of this kind and fails when something else comes.
    ///
    /// @throws EOFException when the link ended
    WireCell awaitCell(int command) throws IOException {
        WireCell cell = link.next(id);
        if (cell == null) {
            throw new EOFException("instead of command " + command + " came the end of the link");
        }
        if (cell.command() != command) {
            throw new IOException("instead of command " + command + " came " + ClientLink.text(cell));
        }
        return cell;
    }

    /// How many DATA cells have come so far.
    int dataCells() {
        return dataCells;
    }

    private @Nullable RelayMessage open(WireCell cell) throws IOException {
        if (cell.command() != RELAY && cell.command() != RELAY_EARLY) {
            return null;
        }
        byte[] body = cell.body().clone();
        for (int i = 0; i < hops.size(); i++) {
            if (hops.get(i).decrypt(cell.command(), body)) {
                RelayMessage message = hops.get(i).parse(i, body);
                if (message.command() == RelayCommand.DATA) {
                    dataCells++;
                }
                return message;
            }
        }
        return null;
    }

    private String text(WireCell cell, @Nullable RelayMessage message) {
        if (message == null) {
            return ClientLink.text(cell);
        }
        String early = cell.command() == RELAY_EARLY ? "early " : "";
        String from = message.hop() == hops.size() - 1 ? "" : " from hop " + message.hop();
        return early + message.text() + from;
    }
}
