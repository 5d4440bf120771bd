package sallyport.engine.circuit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.conflux.ConfluxParameters;
import sallyport.engine.conflux.ConfluxSet;
import sallyport.engine.conflux.Leg;
import sallyport.engine.conflux.OrderedMessages;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.stream.PreviousHop;
import sallyport.engine.stream.Streams;

/// A conflux set with the streams that it carries: what several circuits of one client share.
final class LinkedStreams implements PreviousHop {
    private final ByteBuffer nonce;
    private final ConfluxSet set;
    private final Streams streams;
    private final OrderedMessages ordered;
    /// Of the leg whose message is being handled.
    private PreviousHop from;

    /// @param nonce the 32 bytes that name the set
    /// @param from the previous hop of its first leg
    LinkedStreams(ByteBuffer nonce, Circuits circuits, PreviousHop from) {
        NetworkParameters voted = circuits.parameters();
        this.nonce = nonce;
        this.from = from;
        this.set = new ConfluxSet(
                ConfluxParameters.of(voted),
                circuits.pool(),
                circuits.settings().limits().memory(),
                circuits.world().ticker());
        // C tor serves no directory on a leg.
        this.streams = new Streams(circuits.streamContext(this, null), set, StreamSignalParameters.of(voted));
        this.ordered = streams::onMessage;
    }

    ByteBuffer nonce() {
        return nonce;
    }

    ConfluxSet set() {
        return set;
    }

    Streams streams() {
        return streams;
    }

    /// A numbered message came on this leg, over this previous hop. The bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the leg's circuit
    void received(Leg leg, PreviousHop over, int command, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        from = over;
        set.received(leg, command, streamId, array, offset, length, ordered);
    }

    @Override
    public boolean isClient() {
        return from.isClient();
    }

    @Override
    public byte @Nullable [] rsaDigest() {
        return from.rsaDigest();
    }

    @Override
    public ClientAddress address() {
        return from.address();
    }
}
