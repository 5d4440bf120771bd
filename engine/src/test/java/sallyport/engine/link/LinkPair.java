package sallyport.engine.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// Two relays and what goes over the wire between them. Alice dials, Bob accepts.
final class LinkPair {
    static final RelayAddress ALICE_AT = RelayAddress.parseIp("192.0.2.1", 9001);
    static final RelayAddress BOB_AT = RelayAddress.parseIp("198.51.100.2", 9002);

    /// One relay of the pair.
    static final class Side {
        NetworkParameters parameters = NetworkParameters.NONE;
        RelayIndex relays = RelayIndex.EMPTY;
        final LinkWorld world;
        final CellPool pool = new CellPool();
        final FaultCounters faults = new FaultCounters();
        final RelayStatistics statistics;
        final ClearTls tls;
        final Links links;
        final List<Integer> creates = new ArrayList<>();
        final TestRelay relay;
        CreateHandler onCreate = (link, cell) -> {
            creates.add(cell.circuitId());
            cell.release();
        };

        Side(long seed, TestRelay relay, RelayAddress at, TestRelay responder) {
            this(seed, relay, List.of(at), responder);
        }

        /// @param at our ORPorts
        Side(long seed, TestRelay relay, List<RelayAddress> at, TestRelay responder) {
            this(seed, relay, at, new ClearTls(relay, responder));
        }

        Side(long seed, TestRelay relay, List<RelayAddress> at, LinkTls tls) {
            this.world = new LinkWorld(seed);
            this.relay = relay;
            this.tls = tls instanceof ClearTls clear ? clear : null;
            this.statistics = TestStatistics.none(world);
            LinkSettings settings = new LinkSettings(
                    "test",
                    relay.identity(),
                    relay::credentials,
                    at,
                    SourceAddresses.NONE,
                    () -> relays,
                    () -> parameters,
                    faults,
                    statistics,
                    TestLimits.plenty(world, world.loop()),
                    link -> {});
            this.links =
                    new Links(settings, world, world.loop(), pool, (link, cell) -> onCreate.onCreate(link, cell), tls);
        }

        Link link() {
            return links.all().isEmpty() ? null : links.all().iterator().next();
        }
    }

    final Side alice;
    final Side bob;
    final List<Object> results = new ArrayList<>();
    EmbeddedChannel aliceWire;
    EmbeddedChannel bobWire;
    /// What happens to each message on its way: in order, as the sender wrote it.
    UnaryOperator<byte[]> towardBob = UnaryOperator.identity();
    UnaryOperator<byte[]> towardAlice = UnaryOperator.identity();

    LinkPair() {
        this(TestRelay.BOB);
    }

    /// @param answering who really sits at Bob's address
    LinkPair(TestRelay answering) {
        alice = new Side(11, TestRelay.ALICE, ALICE_AT, answering);
        bob = new Side(22, answering, BOB_AT, answering);
    }

    static DialTarget bobAsTarget() {
        return new DialTarget(
                List.of(BOB_AT),
                TestRelay.BOB.identity().rsaDigest(),
                TestRelay.BOB.identity().ed25519());
    }

    DialResult note() {
        return new DialResult() {
            @Override
            public void opened(Link link) {
                results.add(link);
            }

            @Override
            public void failed(DestroyReason reason) {
                results.add(reason);
            }
        };
    }

    /// Dials and lets everything happen that follows.
    LinkPair connect() throws Exception {
        alice.links.dial(bobAsTarget(), note());
        join(alice.world.connected().getLast());
        return this;
    }

    /// Connects a dialed channel of Alice to Bob, and finishes TLS on both.
    void join(EmbeddedChannel dialed) throws Exception {
        aliceWire = dialed;
        bobWire = LinkWorld.channel(ALICE_AT.socket());
        bob.links.accept(bobWire);
        bobWire.pipeline().fireUserEventTriggered(ClearTls.DONE);
        aliceWire.pipeline().fireUserEventTriggered(ClearTls.DONE);
        settle();
    }

    /// Carries messages until nobody has anything more to say.
    void settle() {
        boolean moved = true;
        while (moved) {
            alice.world.endTurn();
            bob.world.endTurn();
            aliceWire.runPendingTasks();
            bobWire.runPendingTasks();
            moved = carry(aliceWire, bobWire, towardBob) | carry(bobWire, aliceWire, towardAlice);
        }
        alice.world.endTurn();
        bob.world.endTurn();
    }

    void close() {
        alice.links.close();
        bob.links.close();
        settle();
        aliceWire.finishAndReleaseAll();
        bobWire.finishAndReleaseAll();
    }

    /// Bytes that a hand-made peer sends to Bob.
    static ByteBuf bytes(byte[]... parts) {
        return Unpooled.copiedBuffer(parts);
    }

    static InetSocketAddress somebody() throws Exception {
        return new InetSocketAddress(InetAddress.getByName("203.0.113.7"), 4711);
    }

    static Cell cell(CellPool pool, int command) {
        Cell cell = pool.acquire();
        cell.command(command);
        cell.zeroFrom(0);
        return cell;
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to, UnaryOperator<byte[]> way) {
        boolean moved = false;
        for (ByteBuf out = from.readOutbound(); out != null; out = from.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            out.release();
            moved = true;
            if (to.isActive()) {
                to.writeInbound(Unpooled.wrappedBuffer(way.apply(bytes)));
            }
        }
        if (!from.isOpen() && to.isOpen()) {
            to.close();
            moved = true;
        }
        return moved;
    }
}
