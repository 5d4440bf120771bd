package sallyport.engine.conflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.SteppedTicker;

/// A set whose legs, streams and time are the test's.
final class SetRig implements ClosedWorld {
    static final byte[] NONCE = new byte[ConfluxLinkBody.NONCE_LENGTH];

    /// A message as it left on a leg.
    record Sent(int command, int streamId, byte[] body) {}

    final List<String> delivered = new ArrayList<>();
    final CellPool pool = new CellPool();
    final MemoryAccount memory;
    final ConfluxSet set;
    long nanos = 1;

    SetRig() {
        this(Map.of());
    }

    SetRig(Map<String, Integer> parameters) {
        EventLoop loop = new EmbeddedChannel().eventLoop();
        memory = TestLimits.plenty(this).open("test", loop, new FaultCounters()).memory();
        set = new ConfluxSet(ConfluxParameters.of(new NetworkParameters(parameters)), pool, memory, ticker());
    }

    @Override
    public Ticker ticker() {
        return (SteppedTicker) () -> nanos;
    }

    /// A leg of a client that wants that, whose LINKED was answered after so long; 0: was not answered.
    TestLeg leg(DesiredUx ux, long roundTripMicros) throws ProtocolViolation {
        TestLeg leg = new TestLeg(set);
        leg.handle = set.link(leg, new ConfluxLinkBody(NONCE, 0, 0, ux), 0);
        if (roundTripMicros > 0) {
            set.acknowledged(leg.handle, roundTripMicros);
        }
        return leg;
    }

    void receive(TestLeg leg, String text) throws ProtocolViolation {
        byte[] body = (".." + text).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        set.received(leg.handle, RelayCommand.DATA, 7, body, 2, body.length - 2, this::deliver);
    }

    void deliver(int command, int streamId, byte[] array, int offset, int length) {
        assertThat(command).isEqualTo(RelayCommand.DATA);
        assertThat(streamId).isEqualTo(7);
        delivered.add(new String(array, offset, length, java.nio.charset.StandardCharsets.UTF_8));
    }

    void nothingIsHeld() {
        assertThat(pool.outstanding()).as("cells held").isZero();
        assertThat(memory.held()).as("bytes held").isZero();
    }

    static final class TestLeg implements LegCircuit {
        final List<Sent> sent = new ArrayList<>();
        private final ConfluxSet set;
        Leg handle = new Leg(this, 0, 0, 0);
        int window = Integer.MAX_VALUE;
        boolean awaitsSendme;
        /// What its LINK said the client had received.
        long claimed;
        DestroyReason closed = DestroyReason.NONE;

        TestLeg(ConfluxSet set) {
            this.set = set;
        }

        boolean isClosed() {
            return closed != DestroyReason.NONE;
        }

        List<Integer> commands() {
            return sent.stream().map(Sent::command).toList();
        }

        @Override
        public boolean awaitsSendme() {
            return awaitsSendme;
        }

        @Override
        public void endCircuit(DestroyReason reason) {
            if (!isClosed()) {
                closed = reason;
                set.left(handle);
            }
        }

        @Override
        public boolean ready() {
            return window > 0 && !isClosed();
        }

        @Override
        public int sendData(int streamId, ByteBuf source) {
            assertThat(ready()).isTrue();
            window--;
            byte[] body = new byte[Math.min(4, source.readableBytes())];
            source.readBytes(body);
            sent.add(new Sent(RelayCommand.DATA, streamId, body));
            return body.length;
        }

        @Override
        public void send(int streamId, int relayCommand, byte[] body) {
            sent.add(new Sent(relayCommand, streamId, body.clone()));
        }
    }
}
