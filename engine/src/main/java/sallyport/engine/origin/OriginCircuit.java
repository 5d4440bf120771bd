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
import sallyport.engine.onionskin.Ntor;
import sallyport.engine.relaycrypto.Tor1ClientLayer;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// A circuit that starts here, built hop by hop with ntor. Runs on: the loop of the instance whose links it uses.
/// Ends once, by success or failure, and tells its listener which; then, or at its time limit, it is destroyed.
final class OriginCircuit implements CellReceiver {
    /// How it ended. Runs on the loop.
    @FunctionalInterface
    interface Listener {
        /// @param built whether every hop answered
        void ended(boolean built);
    }

    // C tor gives a testing circuit about a minute before it counts as failed.
    private static final int LIMIT_SECONDS = 60;
    // Ours: what is on the way when the last cell has left our queue gets to the last hop.
    private static final int DRAIN_SECONDS = 5;

    private final World world;
    private final EventLoop loop;
    private final List<Hop> path;
    private final Listener listener;
    private final List<Tor1ClientLayer> layers = new ArrayList<>();
    private final Future<?> limit;
    private int drops;

    private @Nullable CircuitPort port;
    private Ntor.@Nullable Client handshake;
    private boolean ended;

    private OriginCircuit(World world, EventLoop loop, List<Hop> path, int drops, Listener listener) {
        this.world = world;
        this.loop = loop;
        this.path = List.copyOf(path);
        this.drops = drops;
        this.listener = listener;
        this.limit = loop.schedule(() -> end(false), LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /// Builds a circuit through `path`, which has at least one hop, sends `drops` DROP cells to its last hop, and
    /// destroys it.
    static void probe(World world, EventLoop loop, Links links, List<Hop> path, int drops, Listener listener) {
        OriginCircuit circuit = new OriginCircuit(world, loop, path, drops, listener);
        Hop first = path.getFirst();
        links.dial(new DialTarget(first.addresses(), first.rsaDigest(), first.ed25519()), new DialResult() {
            @Override
            public void opened(Link link) {
                circuit.start(link);
            }

            @Override
            public void failed(DestroyReason reason) {
                circuit.end(false);
            }
        });
    }

    @Override
    public void onCell(Cell cell) {
        try {
            if (ended) {
                return;
            }
            switch (cell.command()) {
                case CellCommand.CREATED2 -> onAnswer(new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH));
                case CellCommand.RELAY -> onRelay(cell);
                default -> end(false);
            }
        } catch (Malformed e) {
            end(false);
        } finally {
            cell.release();
        }
    }

    @Override
    public void onDestroy(int reasonCode) {
        port = null;
        end(false);
    }

    @Override
    public void onLinkClosed() {
        port = null;
        end(false);
    }

    @Override
    public void onQueueLow() {
        if (!ended && layers.size() == path.size()) {
            sendDrops();
        }
    }

    private void start(Link link) {
        if (ended) {
            return;
        }
        port = link.open(this);
        if (port == null) {
            end(false);
            return;
        }
        handshakeWith(path.getFirst(), this::sendCreate);
    }

    private void sendCreate(Ntor.Client client) {
        CircuitPort to = port;
        if (to == null) {
            return;
        }
        Cell cell = to.link().cells().acquire();
        cell.command(CellCommand.CREATE2);
        byte[] body = createBody(client);
        cell.putBytes(0, body, 0, body.length);
        cell.zeroFrom(body.length);
        to.send(cell);
    }

    private void sendExtend(Hop next, Ntor.Client client) {
        byte[] body = new Extend2Body(
                        next.ipv4(),
                        next.ipv6(),
                        next.rsaDigest(),
                        next.ed25519(),
                        new Create2Body(Create2Body.NTOR, client.request()))
                .encode();
        send(RelayCommand.EXTEND2, body, CellCommand.RELAY_EARLY);
    }

    /// Sends a message to the last hop there is.
    private void send(int relayCommand, byte[] body, int command) {
        CircuitPort to = port;
        if (to == null) {
            return;
        }
        Cell cell = to.link().cells().acquire();
        cell.command(command);
        RelayCell.header(cell, relayCommand, 0, body.length);
        cell.putBytes(RelayCell.DATA, body, 0, body.length);
        cell.zeroFrom(RelayCell.DATA + body.length);
        int last = layers.size() - 1;
        layers.get(last).originate(cell);
        for (int i = last - 1; i >= 0; i--) {
            layers.get(i).outer(cell);
        }
        to.send(cell);
    }

    /// C tor's bandwidth self-test: DROP cells that the last hop throws away, so that a fresh relay has figures to
    /// publish. They leave in portions; the circuit ends when the last of them has left.
    private void sendDrops() {
        while (port != null && drops > 0 && port.queuedCells() < CircuitPort.QUEUE_HIGH_CELLS) {
            drops--;
            send(RelayCommand.DROP, new byte[0], CellCommand.RELAY);
        }
        if (drops == 0) {
            loop.schedule(() -> end(true), DRAIN_SECONDS, TimeUnit.SECONDS);
            drops = -1;
        }
    }

    private void onRelay(Cell cell) throws Malformed {
        for (Tor1ClientLayer layer : layers) {
            if (layer.backward(cell)) {
                int length = RelayCell.length(cell);
                if (RelayCell.command(cell) == RelayCommand.EXTENDED2 && length <= RelayCell.DATA_MAX) {
                    onAnswer(new Reader(cell.array(), RelayCell.dataOffset(), length));
                } else {
                    end(false);
                }
                return;
            }
        }
        end(false);
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
            sendDrops();
            return;
        }
        Hop next = path.get(layers.size());
        handshakeWith(next, client -> sendExtend(next, client));
    }

    private void handshakeWith(Hop hop, java.util.function.Consumer<Ntor.Client> then) {
        byte[] ephemeral = world.entropy().secret(32);
        onWorker(() -> new Ntor.Client(hop.rsaDigest(), hop.onionKey(), ephemeral), client -> {
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
                end(false);
            } else {
                then.accept(value);
            }
        });
        if (!accepted) {
            end(false);
        }
    }

    private static byte[] createBody(Ntor.Client client) {
        Writer out = new Writer(Cell.BODY_LENGTH);
        new Create2Body(Create2Body.NTOR, client.request()).write(out);
        return out.toBytes();
    }

    private void end(boolean built) {
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
        listener.ended(built);
    }
}
