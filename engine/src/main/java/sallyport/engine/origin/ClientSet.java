package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.conflux.ConfluxParameters;
import sallyport.engine.conflux.ConfluxSet;
import sallyport.engine.conflux.Leg;
import sallyport.engine.conflux.OrderedMessages;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// Several circuits to one exit that carry a client's streams together (proposal 329, the client's side).
/// Made by [ClientLinks#set], its legs by [ClientLinks#openLeg]; every method runs on its loop. It ends
/// with its last leg, or with any that was in use; legs that are still being built then end as they are
/// done.
public final class ClientSet implements ClientPath {
    private final byte[] nonce;
    private final ConfluxSet set;
    private final ClientStreams streams;
    private final OrderedMessages ordered;
    private final Runnable whenOver;
    private final List<ClientCircuit> legs = new ArrayList<>(2);
    private boolean over;

    /// @param pool the loop's cells, in which messages wait that came too early
    /// @param memory counts them
    /// @param whenOver runs once, when its streams have heard of the end
    ClientSet(
            World world,
            EventLoop loop,
            CellPool pool,
            MemoryAccount memory,
            NetworkParameters voted,
            Runnable whenOver) {
        this.nonce = world.entropy().secret(ConfluxLinkBody.NONCE_LENGTH);
        this.set = new ConfluxSet(ConfluxParameters.of(voted), pool, memory, world.ticker());
        this.streams = new ClientStreams(world, loop, set, StreamSignalParameters.ofClient(voted));
        this.ordered = streams::onMessage;
        this.whenOver = whenOver;
    }

    @Override
    public boolean isOpen() {
        return !over && !legs.isEmpty();
    }

    @Override
    public boolean mayOpen() {
        return isOpen() && streams.mayOpen();
    }

    @Override
    public int openStreams() {
        return streams.open();
    }

    /// Legs that are linked.
    public int legs() {
        return legs.size();
    }

    @Override
    public ClientStream begin(Destination destination, int flags, ClientStream.Events events) {
        return streams.begin(destination, flags, events);
    }

    @Override
    public ClientStream resolve(String name, ClientStream.Events events) {
        return streams.resolve(name, events);
    }

    @Override
    public void end() {
        List.copyOf(legs).forEach(ClientCircuit::end);
        finish();
    }

    boolean isOver() {
        return over;
    }

    byte[] nonce() {
        return nonce;
    }

    ConfluxSet set() {
        return set;
    }

    ClientStreams streams() {
        return streams;
    }

    OrderedMessages ordered() {
        return ordered;
    }

    /// What a LINK says. C tor's clients too want throughput, unless they are told otherwise.
    ConfluxLinkBody link() {
        return set.state(nonce, DesiredUx.HIGH_THROUGHPUT);
    }

    void joined(ClientCircuit circuit) {
        legs.add(circuit);
    }

    /// A linked circuit has ended.
    void left(ClientCircuit circuit, Leg leg) {
        legs.remove(circuit);
        if (set.left(leg)) {
            finish();
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            streams.close();
            whenOver.run();
        }
    }
}
