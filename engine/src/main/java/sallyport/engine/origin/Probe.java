package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.Links;
import sallyport.engine.world.World;

/// C tor's bandwidth self-test: a circuit that carries DROP cells, which the last hop throws away, so that
/// a fresh relay has figures to publish. They leave in portions; the circuit ends when the last of them
/// has left.
final class Probe implements OriginCircuit.User {
    /// How it ended. Runs on the loop.
    @FunctionalInterface
    interface Listener {
        /// @param built whether every hop answered and every cell left
        void ended(boolean built);
    }

    // C tor gives a testing circuit about a minute before it counts as failed.
    private static final int LIMIT_SECONDS = 60;
    // Ours: what is on the way when the last cell has left our queue gets to the last hop.
    private static final int DRAIN_SECONDS = 5;
    private static final byte[] NOTHING = {};

    private final EventLoop loop;
    private final Listener listener;
    private int drops;
    private boolean sent;
    private @Nullable OriginCircuit circuit;

    private Probe(EventLoop loop, int drops, Listener listener) {
        this.loop = loop;
        this.drops = drops;
        this.listener = listener;
    }

    /// Builds a circuit through `path`, sends `drops` cells to its last hop, and destroys it.
    static void start(World world, EventLoop loop, Links links, List<Hop> path, int drops, Listener listener) {
        OriginCircuit.open(world, loop, links::dial, path, LIMIT_SECONDS, new Probe(loop, drops, listener));
    }

    @Override
    public void built(OriginCircuit built) {
        circuit = built;
        sendDrops(built);
    }

    /// Nothing is expected, and whatever comes ends it.
    @Override
    public void message(Cell cell, byte[] tag) {
        if (circuit != null) {
            circuit.end();
        }
    }

    @Override
    public void queueLow() {
        if (circuit != null) {
            sendDrops(circuit);
        }
    }

    @Override
    public void ended() {
        listener.ended(sent);
    }

    private void sendDrops(OriginCircuit to) {
        while (to.isOpen() && drops > 0 && to.queuedCells() < CircuitPort.QUEUE_HIGH_CELLS) {
            drops--;
            to.send(RelayCommand.DROP, 0, NOTHING, 0, 0);
        }
        if (drops == 0 && !sent) {
            sent = true;
            var _ = loop.schedule(to::end, DRAIN_SECONDS, TimeUnit.SECONDS);
        }
    }
}
