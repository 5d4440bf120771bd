package sallyport.engine.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// A client's circuit: built hop by hop, used by its streams, ended by whoever ends it. Everything that
/// comes back is checked: a cell that no hop sent, a SENDME for another cell, a message out of place all
/// fail the seed.
final class SimCircuit implements SimCarrier {
    /// Who wants to know how a circuit fares.
    interface Owner {
        void onBuilt(SimCircuit circuit);

        /// The circuit has fewer hops than before.
        void onTruncated(SimCircuit circuit);

        void onEnded(SimCircuit circuit);

        /// A message that the circuit did not ask for; false: it is not for the owner.
        default boolean onMessage(int hop, int command, int streamId, byte[] body) {
            return false;
        }

        /// Whether its last hop has to grant congestion control.
        default boolean isLeg() {
            return false;
        }

        /// More DATA may be sent.
        default void onWindow() {}

        /// Whether something beyond the circuit's own path explains its end.
        default boolean mayEnd(int reason) {
            return false;
        }
    }

    private enum State {
        BUILDING,
        OPEN,
        TRUNCATING,
        ENDED
    }

    private final Scenario scenario;
    private final SimClient client;
    private final int id;
    private final List<SimRelay> path;
    private final Owner owner;
    private final List<SimHop> hops = new ArrayList<>();
    private final Map<Integer, SimStream> streams = new LinkedHashMap<>();
    private State state = State.BUILDING;
    private @Nullable SimHandshake handshake;
    private int nextStreamId = 1;
    private int truncatingAt;
    private @Nullable String excuse;

    SimCircuit(Scenario scenario, SimClient client, int number, List<SimRelay> path, Owner owner) {
        this.scenario = scenario;
        this.client = client;
        // tor-spec "Choosing circuit IDs in create cells": whoever opened the link sets the top bit.
        this.id = number | 1 << 31;
        this.path = new ArrayList<>(path);
        this.owner = owner;
    }

    // Building

    void build() {
        if (client.isClosed()) {
            onLinkLost();
            return;
        }
        client.add(id, this);
        SimHandshake first = SimHandshake.first(scenario, path.getFirst());
        handshake = first;
        switch (first) {
            case SimHandshake.Fast fast -> sendCell(CellCommand.CREATE_FAST, fast.request());
            case SimHandshake.Create2 create -> {
                Writer body = new Writer();
                create.body().write(body);
                sendCell(CellCommand.CREATE2, body.toBytes());
            }
        }
    }

    private void onAnswer(byte[] reply) {
        SimHandshake waiting = handshake;
        if (state != State.BUILDING || waiting == null) {
            fail("an answer to no question");
            return;
        }
        handshake = null;
        try {
            addHop(waiting.finish(reply));
        } catch (Malformed e) {
            fail("a wrong proof");
        }
    }

    private void addHop(SimHandshake.Agreed agreed) {
        int window = agreed.increment() == 0 ? scenario.circWindow() : scenario.congestionWindow(agreed.increment());
        hops.add(new SimHop(new Tor1ClientLayer(agreed.secrets().keys()), agreed.increment(), window));
        if (hops.size() == path.size()) {
            state = State.OPEN;
            pump();
            owner.onBuilt(this);
            return;
        }
        extend();
    }

    private void extend() {
        SimRelay next = path.get(hops.size());
        boolean leg = owner.isLeg() && hops.size() == path.size() - 1;
        SimHandshake.Create2 create =
                leg ? SimHandshake.congestionControlled(scenario, next) : SimHandshake.later(scenario, next);
        handshake = create;
        Extend2Body body = new Extend2Body(
                next.address(),
                null,
                next.identity().rsaDigest(),
                next.identity().ed25519(),
                create.body());
        send(hops.size() - 1, CellCommand.RELAY_EARLY, RelayCommand.EXTEND2, 0, body.encode());
    }

    // Using

    int length() {
        return hops.size();
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public boolean isEnded() {
        return state == State.ENDED;
    }

    SimHop hop(int index) {
        return hops.get(index);
    }

    /// Whoever is at the far end of a circuit joined with this one.
    void addHop(SimHop hop) {
        hops.add(hop);
    }

    @Override
    public boolean hasRoom(int hop) {
        return isOpen() && hops.get(hop).packageCells > 0;
    }

    @Override
    public boolean hasCongestionControl(int hop) {
        return hops.get(hop).hasCongestionControl();
    }

    @Override
    public int add(SimStream stream) {
        int streamId = nextStreamId++;
        streams.put(streamId, stream);
        return streamId;
    }

    @Override
    public void forget(int streamId) {
        streams.remove(streamId);
    }

    @Override
    public void send(int hop, int relayCommand, int streamId, byte[] body) {
        send(hop, CellCommand.RELAY, relayCommand, streamId, body);
    }

    private void send(int hop, int command, int relayCommand, int streamId, byte[] body) {
        Cell cell = newCell(command);
        RelayCell.header(cell, relayCommand, streamId, body.length);
        cell.putBytes(RelayCell.DATA, body, 0, body.length);
        cell.zeroFrom(RelayCell.DATA + body.length);
        hops.get(hop).layer.originate(cell);
        for (int i = hop - 1; i >= 0; i--) {
            hops.get(i).layer.outer(cell);
        }
        if (relayCommand == RelayCommand.DATA) {
            hops.get(hop).dataSent();
        }
        client.send(cell);
    }

    // Ending

    /// Ends it, as a client does that needs it no more.
    void destroy(DestroyReason reason) {
        if (state != State.ENDED) {
            sendCell(CellCommand.DESTROY, new byte[] {(byte) reason.code()});
            ended("the client has ended it");
        }
    }

    /// Cuts the circuit behind a hop.
    void truncate(int hop) {
        if (state == State.OPEN && hop < hops.size() - 1) {
            state = State.TRUNCATING;
            truncatingAt = hop;
            dropStreams(hop + 1, "the client has cut the circuit");
            send(hop, RelayCommand.TRUNCATE, 0, new byte[] {(byte) DestroyReason.FINISHED.code()});
        }
    }

    /// Goes on from where the circuit was cut.
    void extendTo(SimRelay relay) {
        while (path.size() > hops.size()) {
            path.removeLast();
        }
        path.add(relay);
        state = State.BUILDING;
        extend();
    }

    /// Sends a cell that no hop will recognize.
    void sendJunk() {
        excuse("junk of the client");
        sendCell(CellCommand.RELAY, scenario.random(Cell.BODY_LENGTH));
    }

    /// From now on the circuit may end early.
    void excuse(String why) {
        excuse = why;
    }

    void onLinkLost() {
        if (state != State.ENDED) {
            if (excuse == null && !scenario.isCut(client, client.guard())) {
                fail("lost its link, which nobody cut");
            }
            ended("the link to the guard is gone");
        }
    }

    private void onDestroy(int reason) {
        scenario.count("DESTROY " + reason);
        boolean crossed = state == State.BUILDING && scenario.closedUnused(path);
        if (excuse == null && !crossed && !mayEnd(reason) && !owner.mayEnd(reason)) {
            fail("destroyed for reason " + reason + " without a fault");
        }
        ended("destroyed for reason " + reason);
    }

    /// Whether something befell its path that may end it for this reason.
    boolean mayEnd(int reason) {
        return scenario.mayEnd(client, path, reason);
    }

    private void ended(String why) {
        state = State.ENDED;
        dropStreams(0, why);
        owner.onEnded(this);
    }

    private void dropStreams(int fromHop, String why) {
        for (Map.Entry<Integer, SimStream> entry : List.copyOf(streams.entrySet())) {
            if (entry.getValue().hop() >= fromHop) {
                streams.remove(entry.getKey());
                entry.getValue().onGone(why);
            }
        }
    }

    // What comes back

    /// Borrows the cell.
    void onCell(Cell cell) {
        if (state == State.ENDED) {
            return;
        }
        int at = Cell.BODY;
        switch (cell.command()) {
            case CellCommand.CREATED_FAST ->
                onAnswer(Arrays.copyOfRange(cell.array(), at, at + CreateFast.REPLY_LENGTH));
            case CellCommand.CREATED2 -> onAnswer(Arrays.copyOfRange(cell.array(), at + 2, at + 2 + cell.u16(0)));
            case CellCommand.RELAY -> onRelay(cell);
            case CellCommand.DESTROY -> onDestroy(cell.u8(0));
            default -> fail("cell of command " + cell.command());
        }
    }

    private void onRelay(Cell cell) {
        for (int i = 0; i < hops.size(); i++) {
            if (hops.get(i).layer.backward(cell)) {
                byte[] body = new byte[RelayCell.length(cell)];
                System.arraycopy(cell.array(), RelayCell.dataOffset(), body, 0, body.length);
                onMessage(i, RelayCell.command(cell), RelayCell.streamId(cell), body);
                return;
            }
        }
        fail("a cell that no hop sent: one was lost, or overtaken");
    }

    private void onMessage(int hop, int command, int streamId, byte[] body) {
        if (command == RelayCommand.DATA && hops.get(hop).dataReceived()) {
            byte[] tag = hops.get(hop).layer.backwardTag().clone();
            SimHop of = hops.get(hop);
            scenario.at(of.sendmeAt(scenario.world().nanos() + scenario.readerNanos()), () -> {
                if (isThere(of)) {
                    send(hop, RelayCommand.SENDME, 0, new SendmeBody(1, tag).encode());
                }
            });
        }
        if (owner.onMessage(hop, command, streamId, body)) {
            return;
        }
        if (streamId != 0) {
            SimStream stream = streams.get(streamId);
            if (stream != null && stream.hop() == hop) {
                stream.onMessage(command, body);
            }
            return;
        }
        switch (command) {
            case RelayCommand.EXTENDED2 -> onAnswer(Arrays.copyOfRange(body, 2, body.length));
            case RelayCommand.SENDME -> onSendme(hops.get(hop), body);
            case RelayCommand.TRUNCATED -> onTruncated(hop);
            default -> fail("relay command " + command + " without a stream");
        }
    }

    /// Whether it still is a hop of the circuit, and will be when a cell gets there.
    private boolean isThere(SimHop hop) {
        int at = hops.indexOf(hop);
        return state != State.ENDED && at >= 0 && (state != State.TRUNCATING || at <= truncatingAt);
    }

    private void onSendme(SimHop hop, byte[] body) {
        try {
            SendmeBody sendme = SendmeBody.decode(body, 0, body.length);
            if (hop.tags.isEmpty() || !Arrays.equals(hop.tags.remove(), sendme.tag())) {
                fail("a SENDME for another cell");
            }
        } catch (Malformed e) {
            fail("a SENDME that cannot be read");
        }
        hop.packageCells += hop.increment();
        pump();
        owner.onWindow();
    }

    /// Streams that were connected while the circuit was cut or extended send from now on.
    private void pump() {
        List.copyOf(streams.values()).forEach(SimStream::pump);
    }

    private void onTruncated(int hop) {
        if (state != State.TRUNCATING || hop != truncatingAt) {
            fail("TRUNCATED that nobody asked for");
            return;
        }
        while (hops.size() > hop + 1) {
            hops.removeLast();
        }
        state = State.OPEN;
        pump();
        owner.onTruncated(this);
    }

    private void sendCell(int command, byte[] body) {
        Cell cell = newCell(command);
        cell.putBytes(0, body, 0, body.length);
        cell.zeroFrom(body.length);
        client.send(cell);
    }

    private Cell newCell(int command) {
        Cell cell = client.cells().acquire();
        cell.circuitId(id);
        cell.command(command);
        return cell;
    }

    private void fail(String what) {
        scenario.world().fail("circuit " + (id & 0xffff) + ": " + what);
    }

    @Override
    public String toString() {
        return "circuit " + (id & 0xffff) + " " + state + " over "
                + path.stream().map(SimRelay::id).toList();
    }
}
