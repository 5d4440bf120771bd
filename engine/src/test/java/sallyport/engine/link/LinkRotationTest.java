package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;

/// Two relays over real TLS in memory while one of them gets a new link key.
final class LinkRotationTest {
    private final MovedClock clock = new MovedClock();
    private final List<Link> opened = new ArrayList<>();

    /// Certificates are judged by the system's clock, so only the keys' clock moves.
    private static final class MovedClock implements InstantSource {
        private Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "jdk"})
    void afterTwoHoursOldLinksGoOnAndNewOnesShowTheNewCertificate(String engine) throws Exception {
        TestRelay rotating = new TestRelay(77, clock);
        LinkPair.Side bob = side(22, rotating, engine);
        LinkPair.Side alice = side(11, TestRelay.ALICE, engine);
        LinkPair.Side carol = side(33, TestRelay.CAROL, engine);
        DialTarget target = new DialTarget(
                List.of(LinkPair.BOB_AT),
                rotating.identity().rsaDigest(),
                rotating.identity().ed25519());

        Wire first = new Wire(alice, bob, target);
        byte[] oldCertificate = rotating.credentials().tlsCertificateDer();
        assertThat(first.shownCertificate()).isEqualTo(oldCertificate);

        clock.ahead = Duration.ofMinutes(119);
        rotating.renew();
        assertThat(rotating.credentials().tlsCertificateDer()).isEqualTo(oldCertificate);
        clock.ahead = Duration.ofHours(2).plusSeconds(5);
        rotating.renew();
        byte[] newCertificate = rotating.credentials().tlsCertificateDer();
        assertThat(newCertificate).isNotEqualTo(oldCertificate);

        Wire second = new Wire(carol, bob, target);
        assertThat(second.shownCertificate()).isEqualTo(newCertificate);
        assertThat(first.shownCertificate()).isEqualTo(oldCertificate);
        assertThat(opened).hasSize(2).allMatch(Link::isOpen);
        assertThat(bob.links.all()).hasSize(2).allMatch(link -> link.isOpen() && !link.isClient());

        first.carriesCells();
        second.carriesCells();
        for (LinkPair.Side side : List.of(alice, bob, carol)) {
            assertThat(side.faults.snapshot()).isEmpty();
            side.links.close();
        }
        first.end();
        second.end();
    }

    private static LinkPair.Side side(long seed, TestRelay relay, String engine) throws Exception {
        LinkTls tls = engine.equals("native")
                ? new TcnativeTls(relay::credentials, TlsParameters.PROTOCOLS)
                : new JdkTls(relay::credentials, TlsParameters.PROTOCOLS);
        return new LinkPair.Side(
                seed, relay, List.of(relay == TestRelay.ALICE ? LinkPair.ALICE_AT : LinkPair.BOB_AT), tls);
    }

    /// One connection from one relay to Bob.
    private final class Wire {
        private final LinkPair.Side from;
        private final LinkPair.Side bob;
        private final EmbeddedChannel near;
        private final EmbeddedChannel far;

        Wire(LinkPair.Side from, LinkPair.Side bob, DialTarget target) throws Exception {
            this.from = from;
            this.bob = bob;
            from.links.dial(target, new DialResult() {
                @Override
                public void opened(Link link) {
                    opened.add(link);
                }

                @Override
                public void failed(DestroyReason reason) {
                    throw new AssertionError(reason);
                }
            });
            near = from.world.connected().getLast();
            far = LinkWorld.channel(LinkPair.somebody());
            bob.links.accept(far);
            settle();
        }

        byte[] shownCertificate() throws Exception {
            return TlsCertificates.responders(
                    near.pipeline().get(SslHandler.class).engine());
        }

        /// A cell there, its answer back.
        void carriesCells() {
            List<Integer> answers = new ArrayList<>();
            CircuitPort port = from.link().open(new Deaf() {
                @Override
                public void onDestroy(int reasonCode) {
                    answers.add(reasonCode);
                }
            });
            port.send(LinkPair.cell(from.pool, CellCommand.CREATE2));
            settle();
            assertThat(bob.creates).contains(port.circuitId());
            bob.links.all().forEach(link -> link.sendDestroy(port.circuitId(), DestroyReason.RESOURCELIMIT));
            settle();
            assertThat(answers).containsExactly(DestroyReason.RESOURCELIMIT.code());
        }

        void settle() {
            boolean moved = true;
            while (moved) {
                from.world.endTurn();
                bob.world.endTurn();
                near.runPendingTasks();
                far.runPendingTasks();
                boolean there = carry(near, far);
                moved = carry(far, near) || there;
            }
        }

        void end() {
            settle();
            near.finishAndReleaseAll();
            far.finishAndReleaseAll();
        }

        private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
            boolean moved = false;
            for (ByteBuf out = from.readOutbound(); out != null; out = from.readOutbound()) {
                moved = true;
                if (to.isActive()) {
                    to.writeInbound(Unpooled.copiedBuffer(out));
                }
                out.release();
            }
            return moved;
        }
    }
}
