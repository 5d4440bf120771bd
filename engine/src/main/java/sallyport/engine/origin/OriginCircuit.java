package sallyport.engine.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.CellReceiver;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.onionskin.ClientHandshake;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.relaycrypto.ClientLayer;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// A circuit that starts here, built hop by hop. Runs on: the loop of the links it uses. Ends once, and
/// tells its user; at its time limit it is destroyed, unless the user has [#keep] it.
final class OriginCircuit implements CellReceiver, CircuitSender {
    /// What a circuit is for. Every method runs on the loop.
    interface User {
        /// One more hop answered.
        default void extended() {}

        /// Every hop answered.
        void built(OriginCircuit circuit);

        /// A message of the last hop came, which [OriginCircuit#format] can read.
        /// @param cell borrowed; its layer is off
        /// @param tag of this cell, borrowed
        /// @throws Malformed ends the circuit, as ProtocolViolation does
        void message(Cell cell, byte[] tag) throws Malformed, ProtocolViolation;

        /// A relay of the path broke a rule, and the circuit ends for it. `what` is a constant text.
        default void violated(String what) {}

        /// Cells may be sent again after the queue was long.
        void queueLow();

        /// The circuit is over, whoever ended it.
        void ended();
    }

    private final World world;
    private final EventLoop loop;
    private final List<Hop> path;
    private final User user;
    private final List<ClientLayer> layers = new ArrayList<>();
    private final Future<?> limit;

    private @Nullable CircuitPort port;
    private @Nullable ClientHandshake handshake;
    private CircuitTerms terms = CircuitTerms.PLAIN;
    private boolean ended;

    private OriginCircuit(World world, EventLoop loop, List<Hop> path, int limitSeconds, User user) {
        this.world = world;
        this.loop = loop;
        this.path = List.copyOf(path);
        this.user = user;
        this.limit = loop.schedule(this::end, limitSeconds, TimeUnit.SECONDS);
    }

    /// Who finds or opens the link to the first hop.
    @FunctionalInterface
    interface Dialer {
        /// See [sallyport.engine.link.Links#dial].
        void dial(DialTarget target, DialResult result);
    }

    /// Builds a circuit through `path`, which has at least one hop.
    /// @param limitSeconds of its whole life
    static void open(World world, EventLoop loop, Dialer dialer, List<Hop> path, int limitSeconds, User user) {
        OriginCircuit circuit = new OriginCircuit(world, loop, path, limitSeconds, user);
        Hop first = path.getFirst();
        dialer.dial(new DialTarget(first.addresses(), first.rsaDigest(), first.ed25519()), new DialResult() {
            @Override
            public void opened(Link link) {
                circuit.start(link);
            }

            @Override
            public void failed(DestroyReason reason) {
                circuit.end();
            }
        });
    }

    /// Sends a message to the last hop.
    @Override
    public void send(int relayCommand, int streamId, byte[] data, int offset, int length) {
        send(relayCommand, streamId, data, offset, length, CellCommand.RELAY);
    }

    /// It is to outlive its time limit.
    void keep() {
        limit.cancel(false);
    }

    /// What the last hop agreed to. Only once it is built.
    CircuitTerms terms() {
        return terms;
    }

    /// How messages of the last hop lie in their cells. Only once it is built.
    RelayCellFormat format() {
        return layers.getLast().format();
    }

    /// Whether who fills the queue of cells should pause; its user hears when it may go on.
    boolean isQueueFull() {
        return port != null && port.isFull();
    }

    /// Cells that wait to leave; 0 once the circuit is over.
    int queuedCells() {
        return port == null ? 0 : port.queuedCells();
    }

    boolean isOpen() {
        return port != null && !ended;
    }

    /// Destroys the circuit.
    @Override
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        limit.cancel(false);
        CircuitPort open = port;
        port = null;
        if (open != null) {
            open.destroy(DestroyReason.NONE);
        }
        user.ended();
    }

    @Override
    public void onCell(Cell cell) {
        try {
            CircuitPort from = port;
            if (ended || from == null) {
                return;
            }
            from.link().usedByUs();
            switch (cell.command()) {
                case CellCommand.CREATED2 -> onCreated(cell, false);
                case CellCommand.CREATED_FAST -> onCreated(cell, true);
                case CellCommand.RELAY -> onRelay(cell);
                // tor-spec "Handling relay_early cells": a client closes a circuit on which one comes back.
                case CellCommand.RELAY_EARLY -> throw new Malformed("RELAY_EARLY toward a client");
                default -> throw new Malformed("a cell that no client gets");
            }
        } catch (Malformed e) {
            violated(String.valueOf(e.getMessage()));
        } catch (ProtocolViolation e) {
            violated(e.what());
        } finally {
            cell.release();
        }
    }

    @Override
    public void onDestroy(int reasonCode) {
        port = null;
        end();
    }

    @Override
    public void onLinkClosed() {
        port = null;
        end();
    }

    @Override
    public void onQueueLow() {
        if (!ended && layers.size() == path.size()) {
            user.queueLow();
        }
    }

    private void start(Link link) {
        if (ended) {
            return;
        }
        port = link.open(this);
        if (port == null) {
            end();
            return;
        }
        handshakeWith(path.getFirst(), first -> {
            if (first instanceof ClientHandshake.Fast) {
                sendCreate(CellCommand.CREATE_FAST, first.request());
            } else {
                sendCreate(CellCommand.CREATE2, createBody(first));
            }
        });
    }

    private void violated(String what) {
        user.violated(what);
        end();
    }

    private void sendCreate(int command, byte[] body) {
        CircuitPort to = port;
        if (to == null) {
            return;
        }
        Cell cell = to.link().cells().acquire();
        cell.command(command);
        cell.putBytes(0, body, 0, body.length);
        cell.zeroFrom(body.length);
        send(cell, to);
    }

    private void sendExtend(Hop next, ClientHandshake skin) {
        byte[] body = new Extend2Body(
                        next.ipv4(),
                        next.ipv6(),
                        next.rsaDigest(),
                        next.ed25519(),
                        new Create2Body(skin.type(), skin.request()))
                .encode();
        send(RelayCommand.EXTEND2, 0, body, 0, body.length, CellCommand.RELAY_EARLY);
    }

    /// Sends a message to the last hop there is.
    private void send(int relayCommand, int streamId, byte[] data, int offset, int length, int command) {
        CircuitPort to = port;
        if (to == null) {
            return;
        }
        Cell cell = to.link().cells().acquire();
        cell.command(command);
        RelayCellFormat format = layers.getLast().format();
        format.header(cell, relayCommand, streamId, length);
        cell.putBytes(format.dataAt(relayCommand), data, offset, length);
        seal(cell, format.dataAt(relayCommand) + length, to);
    }

    /// Packages one DATA cell of `length` bytes of `source`, which it reads; the buffer stays the caller's.
    ///
    /// @return the tag of the cell, borrowed; null once the circuit is over
    byte @Nullable [] sendData(int streamId, ByteBuf source, int length) {
        CircuitPort to = port;
        if (to == null) {
            return null;
        }
        Cell cell = to.link().cells().acquire();
        cell.command(CellCommand.RELAY);
        ClientLayer last = layers.getLast();
        int at = last.format().dataAt(RelayCommand.DATA);
        last.format().header(cell, RelayCommand.DATA, streamId, length);
        source.readBytes(cell.array(), Cell.BODY + at, length);
        seal(cell, at + length, to);
        return last.forwardTag();
    }

    /// Takes a cell whose message ends at `end` of its body; pads, encrypts and sends it.
    private void seal(Cell cell, int end, CircuitPort to) {
        int randomFrom = Math.min(end + RelayCellFormat.PADDING_GAP, Cell.BODY_LENGTH);
        Arrays.fill(cell.array(), Cell.BODY + end, Cell.BODY + randomFrom, (byte) 0);
        world.entropy().padding(cell.array(), Cell.BODY + randomFrom, Cell.BODY_LENGTH - randomFrom);
        int last = layers.size() - 1;
        layers.get(last).originate(cell);
        for (int i = last - 1; i >= 0; i--) {
            layers.get(i).outer(cell);
        }
        send(cell, to);
    }

    private static void send(Cell cell, CircuitPort to) {
        to.link().usedByUs();
        to.send(cell);
    }

    private void onRelay(Cell cell) throws Malformed, ProtocolViolation {
        for (int i = 0; i < layers.size(); i++) {
            ClientLayer layer = layers.get(i);
            if (layer.backward(cell)) {
                if (!layer.format().isReadable(cell)) {
                    throw new Malformed("a relay message that cannot be read");
                }
                onMessage(cell, layer, i);
                return;
            }
        }
        throw new Malformed("a relay cell that no hop sent");
    }

    private void onMessage(Cell cell, ClientLayer from, int hop) throws Malformed, ProtocolViolation {
        int command = from.format().command(cell);
        switch (command) {
            // Any hop may pad.
            case RelayCommand.DROP -> {}
            // Any hop may lose the next one; as C tor, we do not go on from there.
            case RelayCommand.TRUNCATED -> end();
            default -> {
                if (layers.size() < path.size()) {
                    onExtending(cell, command, from.format());
                } else if (hop == layers.size() - 1) {
                    user.message(cell, from.backwardTag());
                } else {
                    throw new Malformed("a message from within the circuit");
                }
            }
        }
    }

    private void onExtending(Cell cell, int command, RelayCellFormat format) throws Malformed {
        if (command != RelayCommand.EXTENDED2 || layers.isEmpty()) {
            throw new Malformed("not what an extending circuit waits for");
        }
        int at = Cell.BODY + format.dataAt(command);
        Reader body = new Reader(cell.array(), at, format.length(cell));
        onAnswer(body.bytes(body.u16()));
    }

    private void onCreated(Cell cell, boolean fast) throws Malformed {
        Reader body = new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH);
        if (!layers.isEmpty() || handshake instanceof ClientHandshake.Fast != fast) {
            throw new Malformed("an answer to no question");
        }
        onAnswer(body.bytes(fast ? CreateFast.REPLY_LENGTH : body.u16()));
    }

    private void onAnswer(byte[] reply) throws Malformed {
        ClientHandshake waiting = handshake;
        if (waiting == null) {
            throw new Malformed("an answer to no question");
        }
        handshake = null;
        if (waiting instanceof ClientHandshake.Fast) {
            // Two hashes: no work for a worker.
            onHopAnswered(waiting.finish(reply));
        } else {
            onWorker(() -> waiting.finish(reply), this::onHopAnswered);
        }
    }

    private void onHopAnswered(ClientHandshake.Agreed agreed) {
        terms = agreed.terms();
        layers.add(ClientLayer.of(agreed.secrets().keys(), terms.counterGalois()));
        agreed.secrets().destroy();
        user.extended();
        if (layers.size() == path.size()) {
            user.built(this);
            return;
        }
        Hop next = path.get(layers.size());
        handshakeWith(next, skin -> sendExtend(next, skin));
    }

    private void handshakeWith(Hop hop, Consumer<ClientHandshake> then) {
        if (hop.onionKey() == null) {
            handshake = ClientHandshake.fast(world.entropy().secret(CreateFast.MATERIAL_LENGTH));
            then.accept(handshake);
            return;
        }
        byte[] ephemeral = world.entropy().secret(Hop.EPHEMERAL_LENGTH);
        onWorker(() -> hop.handshake(ephemeral), skin -> {
            handshake = skin;
            then.accept(skin);
        });
    }

    /// Key exchanges never run on a loop. A failure of the work, or no room for it, ends the circuit.
    private <T> void onWorker(Callable<T> work, Consumer<T> then) {
        boolean accepted = world.workers().submit(Workers.Kind.ONION_SKIN, work, loop, (value, failure) -> {
            if (ended) {
                return;
            }
            if (failure instanceof Malformed e) {
                violated(String.valueOf(e.getMessage()));
            } else if (value == null) {
                end();
            } else {
                then.accept(value);
            }
        });
        if (!accepted) {
            end();
        }
    }

    private static byte[] createBody(ClientHandshake skin) {
        Writer out = new Writer(Cell.BODY_LENGTH);
        new Create2Body(skin.type(), skin.request()).write(out);
        return out.toBytes();
    }
}
