package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.CellReceiver;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;
import sallyport.engine.link.Links;
import sallyport.engine.onionskin.CircuitSecrets;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.Ntor;
import sallyport.engine.relaycrypto.Tor1ClientLayer;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// A circuit that starts here, built hop by hop with ntor. Runs on: the loop of the instance whose links
/// it uses. Ends once, and tells its user; at its time limit it is destroyed.
final class OriginCircuit implements CellReceiver, CircuitSender {
    /// What a circuit is for. Every method runs on the loop.
    interface User {
        /// Every hop answered.
        void built(OriginCircuit circuit);

        /// A message of the last hop came.
        /// @param cell borrowed; its layer is off
        /// @param tag of this cell, borrowed
        /// @throws Malformed ends the circuit
        void message(Cell cell, byte[] tag) throws Malformed;

        /// Cells may be sent again after the queue was long.
        void queueLow();

        /// The circuit is over, whoever ended it.
        void ended();
    }

    private final World world;
    private final EventLoop loop;
    private final List<Hop> path;
    private final User user;
    private final List<Tor1ClientLayer> layers = new ArrayList<>();
    private final Future<?> limit;

    private @Nullable CircuitPort port;
    private Ntor.@Nullable Client handshake;
    private byte @Nullable [] fastMaterial;
    private boolean ended;

    private OriginCircuit(World world, EventLoop loop, List<Hop> path, int limitSeconds, User user) {
        this.world = world;
        this.loop = loop;
        this.path = List.copyOf(path);
        this.user = user;
        this.limit = loop.schedule(this::end, limitSeconds, TimeUnit.SECONDS);
    }

    /// Builds a circuit through `path`, which has at least one hop.
    /// @param limitSeconds of its whole life
    static void open(World world, EventLoop loop, Links links, List<Hop> path, int limitSeconds, User user) {
        OriginCircuit circuit = new OriginCircuit(world, loop, path, limitSeconds, user);
        Hop first = path.getFirst();
        links.dial(new DialTarget(first.addresses(), first.rsaDigest(), first.ed25519()), new DialResult() {
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
                case CellCommand.CREATED2 -> onAnswer(new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH));
                case CellCommand.CREATED_FAST -> onFastAnswer(new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH));
                case CellCommand.RELAY -> onRelay(cell);
                default -> end();
            }
        } catch (Malformed e) {
            end();
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
        if (path.getFirst().onionKey() == null) {
            fastMaterial = world.entropy().secret(CreateFast.MATERIAL_LENGTH);
            sendCreate(CellCommand.CREATE_FAST, fastMaterial);
        } else {
            handshakeWith(path.getFirst(), client -> sendCreate(CellCommand.CREATE2, createBody(client)));
        }
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

    private void sendExtend(Hop next, Ntor.Client client) {
        byte[] body = new Extend2Body(
                        next.ipv4(),
                        next.ipv6(),
                        next.rsaDigest(),
                        next.ed25519(),
                        new Create2Body(Create2Body.NTOR, client.request()))
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
        RelayCell.header(cell, relayCommand, streamId, length);
        cell.putBytes(RelayCell.DATA, data, offset, length);
        cell.zeroFrom(RelayCell.DATA + length);
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

    private void onRelay(Cell cell) throws Malformed {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).backward(cell)) {
                if (RelayCell.length(cell) > RelayCell.DATA_MAX) {
                    throw new Malformed("a relay cell longer than itself");
                }
                if (layers.size() < path.size()) {
                    onExtending(cell);
                } else if (i == layers.size() - 1) {
                    user.message(cell, layers.get(i).backwardTag());
                } else {
                    throw new Malformed("a message from within the circuit");
                }
                return;
            }
        }
        end();
    }

    private void onExtending(Cell cell) throws Malformed {
        if (RelayCell.command(cell) != RelayCommand.EXTENDED2) {
            throw new Malformed("not what an extending circuit waits for");
        }
        onAnswer(new Reader(cell.array(), RelayCell.dataOffset(), RelayCell.length(cell)));
    }

    private void onFastAnswer(Reader body) throws Malformed {
        byte[] ours = fastMaterial;
        if (ours == null) {
            throw new Malformed("an answer to no question");
        }
        fastMaterial = null;
        // Two hashes: no work for a worker.
        onHopAnswered(CreateFast.finish(ours, body.bytes(CreateFast.REPLY_LENGTH)));
    }

    /// The body of CREATED2, which EXTENDED2 carries too.
    private void onAnswer(Reader body) throws Malformed {
        Ntor.Client waiting = handshake;
        if (waiting == null) {
            throw new Malformed("an answer to no question");
        }
        handshake = null;
        byte[] reply = body.bytes(body.u16());
        onWorker(() -> waiting.finish(reply), this::onHopAnswered);
    }

    private void onHopAnswered(CircuitSecrets secrets) {
        layers.add(new Tor1ClientLayer(secrets.keys()));
        secrets.destroy();
        if (layers.size() == path.size()) {
            user.built(this);
            return;
        }
        Hop next = path.get(layers.size());
        handshakeWith(next, client -> sendExtend(next, client));
    }

    private void handshakeWith(Hop hop, java.util.function.Consumer<Ntor.Client> then) {
        byte[] onionKey = hop.onionKey();
        if (onionKey == null) {
            throw new IllegalStateException("a hop behind the first without an onion key");
        }
        byte[] ephemeral = world.entropy().secret(32);
        onWorker(() -> new Ntor.Client(hop.rsaDigest(), onionKey, ephemeral), client -> {
            handshake = client;
            then.accept(client);
        });
    }

    /// Key exchanges never run on a loop. A failure of the work, or no room for it, ends the circuit.
    private <T> void onWorker(Callable<T> work, java.util.function.Consumer<T> then) {
        boolean accepted = world.workers().submit(Workers.Kind.ONION_SKIN, work, loop, (value, failure) -> {
            if (ended) {
                return;
            }
            if (value == null) {
                end();
            } else {
                then.accept(value);
            }
        });
        if (!accepted) {
            end();
        }
    }

    private static byte[] createBody(Ntor.Client client) {
        Writer out = new Writer(Cell.BODY_LENGTH);
        new Create2Body(Create2Body.NTOR, client.request()).write(out);
        return out.toBytes();
    }
}
