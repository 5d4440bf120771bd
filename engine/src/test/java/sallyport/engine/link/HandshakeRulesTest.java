package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;

/// What a responder takes from a hand-made peer, cell by cell.
final class HandshakeRulesTest {
    private static final byte[] CLIENT_NETINFO =
            new Netinfo(0, new byte[] {(byte) 198, 51, 100, 2}, List.of()).encode();

    private final LinkPair.Side bob = new LinkPair.Side(5, TestRelay.BOB, LinkPair.BOB_AT, TestRelay.BOB);
    private EmbeddedChannel wire;

    @BeforeEach
    void accept() throws Exception {
        wire = LinkWorld.channel(LinkPair.somebody());
        bob.links.accept(wire);
        wire.pipeline().fireUserEventTriggered(ClearTls.DONE);
    }

    @AfterEach
    void everythingIsGivenBack() {
        bob.links.close();
        wire.finishAndReleaseAll();
        assertThat(bob.pool.outstanding()).isZero();
        assertThat(bob.tls.ended()).isEqualTo(1);
    }

    @Test
    void responderSaysNothingBeforeItHeardVersions() {
        assertThat((Object) wire.readOutbound()).isNull();
        send(versions(3, 4, 5));
        assertThat(commandsSent())
                .containsExactly(
                        CellCommand.VERSIONS, CellCommand.CERTS, CellCommand.AUTH_CHALLENGE, CellCommand.NETINFO);
    }

    @Test
    void aPeerWithoutCertificatesIsAClient() {
        send(versions(4, 5), fixed(4, 0, CellCommand.NETINFO, CLIENT_NETINFO));

        Link link = bob.link();
        assertThat(link.isOpen()).isTrue();
        assertThat(link.isClient()).isTrue();
        assertThat(link.peer()).isNull();
        assertThat(link.version()).isEqualTo(5);
        assertThat(link.peerNamedOurAddress()).isTrue();
        assertThat(link.isCanonical()).isFalse();
        assertThat(bob.links.counters().get(LinkCounters.Kind.OPENED_ACCEPTED_CLIENT))
                .isEqualTo(1);
    }

    @Test
    void versionThreeHasShortIdsAndEitherHalfForAClient() {
        send(versions(1, 2, 3), fixed(2, 0, CellCommand.NETINFO, CLIENT_NETINFO));
        assertThat(bob.link().version()).isEqualTo(3);
        send(fixed(2, 0x1234, CellCommand.CREATE_FAST, new byte[0]));
        send(fixed(2, 0x9234, CellCommand.CREATE_FAST, new byte[0]));
        assertThat(bob.creates).containsExactly(0x1234, 0x9234);

        drop();
        CircuitPort port = bob.link().attach(0x1234, new Deaf());
        port.send(LinkPair.cell(bob.pool, CellCommand.CREATED_FAST));
        port.destroy(sallyport.engine.cell.DestroyReason.FINISHED);
        bob.world.endTurn();
        ByteBuf record = wire.readOutbound();
        assertThat(record.readableBytes()).isEqualTo(512);
        assertThat(record.readUnsignedShort()).isEqualTo(0x1234);
        assertThat(record.readUnsignedByte()).isEqualTo((short) CellCommand.DESTROY);
        record.release();
    }

    @Test
    void paddingIsAllowedAtAnyTimeAndASecondVersionsIsDropped() {
        send(
                variable(2, 0, CellCommand.VPADDING, new byte[300]),
                variable(2, 0, CellCommand.AUTHORIZE, new byte[0]),
                versions(5),
                variable(4, 0, CellCommand.VERSIONS, new byte[] {0, 3}),
                variable(4, 0, CellCommand.VPADDING, new byte[20]),
                variable(4, 0, 200, new byte[20]),
                fixed(4, 0, CellCommand.NETINFO, CLIENT_NETINFO));
        assertThat(bob.link().isOpen()).isTrue();
        assertThat(bob.link().version()).isEqualTo(5);
        assertThat(bob.faults.snapshot()).containsOnlyKeys("link: second VERSIONS");
    }

    /// Better one link less than every cell waiting.
    @Test
    void aLinkIsRefusedWhenTooManySignaturesWait() {
        bob.world.workersFull(true);
        byte[] certs = HandshakeCells.initiatorCerts(TestRelay.ALICE.credentials());
        send(versions(5), variable(4, 0, CellCommand.CERTS, certs), fixed(4, 0, CellCommand.NETINFO, CLIENT_NETINFO));
        assertThat(bob.links.count()).isZero();
        assertThat(bob.links.counters().get(LinkCounters.Kind.REFUSED_BUSY)).isEqualTo(1);
        assertThat(bob.faults.snapshot()).isEmpty();
    }

    /// NETINFO directly behind CERTS: taken too early it would make a client of a relay, or open a link to nobody.
    @Test
    void whatComesBehindCertificatesWaitsUntilTheyAreChecked() {
        byte[] certs = HandshakeCells.initiatorCerts(TestRelay.ALICE.credentials());
        wire.writeInbound(LinkPair.bytes(
                versions(5),
                variable(4, 0, CellCommand.CERTS, certs),
                fixed(4, 0, CellCommand.NETINFO, CLIENT_NETINFO)));
        wire.writeInbound(LinkPair.bytes(fixed(4, 1 << 31, CellCommand.CREATE_FAST, new byte[0])));
        assertThat(bob.link().isOpen()).isFalse();
        assertThat(wire.config().isAutoRead()).isFalse();

        bob.world.endTurn();
        assertThat(bob.link().isOpen()).isTrue();
        assertThat(wire.config().isAutoRead()).isTrue();
        assertThat(bob.creates).containsExactly(1 << 31);
    }

    private static Stream<Arguments> refusals() {
        byte[] certs = HandshakeCells.initiatorCerts(TestRelay.ALICE.credentials());
        byte[] badAddress = CLIENT_NETINFO.clone();
        badAddress[4] = 9;
        byte[] badLength = CLIENT_NETINFO.clone();
        badLength[5] = 5;
        byte[] oversized = new byte[CellFraming.HANDSHAKE_BODY_BYTES_MAX + 1];
        byte[] twice = certs(2, TestRelay.ALICE.credentials().signingCert(), 4, 4);
        return Stream.of(
                refusal("odd VERSIONS", variable(2, 0, CellCommand.VERSIONS, new byte[] {0, 5, 0})),
                refusal("no common version", versions(1, 2, 6, 999)),
                refusal("empty VERSIONS", versions()),
                refusal("CERTS first", variable(2, 0, CellCommand.CERTS, certs)),
                refusal("unknown cell first", variable(2, 0, 200, new byte[3])),
                refusal("NETINFO first", fixed(2, 0, CellCommand.NETINFO, CLIENT_NETINFO)),
                refusal("CREATE in the handshake", versions(5), fixed(4, 1 << 31, CellCommand.CREATE2, new byte[9])),
                refusal("PADDING in the handshake", versions(5), fixed(4, 0, CellCommand.PADDING, new byte[9])),
                refusal("CERTS with an id", versions(5), variable(4, 7, CellCommand.CERTS, certs)),
                refusal(
                        "CERTS twice",
                        versions(5),
                        variable(4, 0, CellCommand.CERTS, certs),
                        variable(4, 0, CellCommand.CERTS, certs)),
                refusal("a type twice", versions(5), variable(4, 0, CellCommand.CERTS, twice)),
                refusal(
                        "cut CERTS",
                        versions(5),
                        variable(4, 0, CellCommand.CERTS, Arrays.copyOf(certs, certs.length - 1))),
                refusal("empty CERTS", versions(5), variable(4, 0, CellCommand.CERTS, new byte[0])),
                refusal("CERTS without certificates", versions(5), variable(4, 0, CellCommand.CERTS, new byte[1])),
                refusal(
                        "the certificates of a responder",
                        versions(5),
                        variable(
                                4, 0, CellCommand.CERTS, HandshakeCells.responderCerts(TestRelay.ALICE.credentials()))),
                refusal(
                        "AUTH_CHALLENGE to a responder",
                        versions(5),
                        variable(4, 0, CellCommand.AUTH_CHALLENGE, HandshakeCells.authChallenge(new byte[32]))),
                refusal(
                        "AUTHENTICATE without CERTS",
                        versions(5),
                        variable(4, 0, CellCommand.AUTHENTICATE, new byte[356])),
                refusal(
                        "AUTHENTICATE of zeros",
                        versions(5),
                        variable(4, 0, CellCommand.CERTS, certs),
                        variable(4, 0, CellCommand.AUTHENTICATE, new byte[356])),
                refusal(
                        "AUTHENTICATE cut short",
                        versions(5),
                        variable(4, 0, CellCommand.CERTS, certs),
                        variable(4, 0, CellCommand.AUTHENTICATE, new byte[] {0, 3, 1, 96, 0})),
                refusal("NETINFO of unknown type", versions(5), fixed(4, 0, CellCommand.NETINFO, badAddress)),
                refusal("NETINFO of wrong length", versions(5), fixed(4, 0, CellCommand.NETINFO, badLength)),
                refusal("a long CERTS", versions(5), variable(4, 0, CellCommand.CERTS, oversized)),
                refusal(
                        "padding without end",
                        variable(2, 0, CellCommand.VPADDING, new byte[65_535]),
                        variable(2, 0, CellCommand.VPADDING, new byte[65_535]),
                        variable(2, 0, CellCommand.VPADDING, new byte[65_535])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void linkIsClosedFor(String what, byte[][] cells) {
        send(cells);
        assertThat(bob.links.count()).isZero();
        assertThat(wire.isOpen()).isFalse();
        assertThat(bob.faults.snapshot().values()).containsExactly(1L);
        assertThat(bob.links.counters().get(LinkCounters.Kind.FAILED_HANDSHAKE)).isEqualTo(1);
    }

    private void send(byte[]... cells) {
        wire.writeInbound(LinkPair.bytes(cells));
        bob.world.endTurn();
    }

    private void drop() {
        for (ByteBuf out = wire.readOutbound(); out != null; out = wire.readOutbound()) {
            out.release();
        }
    }

    private List<Integer> commandsSent() {
        List<Integer> commands = new ArrayList<>();
        for (ByteBuf out = wire.readOutbound(); out != null; out = wire.readOutbound()) {
            commands.add((int) out.getUnsignedByte(commands.isEmpty() ? 2 : 4));
            out.release();
        }
        return commands;
    }

    private static Arguments refusal(String what, byte[]... cells) {
        return Arguments.of(what, cells);
    }

    private static byte[] versions(int... versions) {
        Writer body = new Writer();
        for (int version : versions) {
            body.u16(version);
        }
        return variable(2, 0, CellCommand.VERSIONS, body.toBytes());
    }

    private static byte[] certs(int count, byte[] cert, int... types) {
        Writer body = new Writer().u8(count);
        for (int type : types) {
            body.u8(type).u16(cert.length).bytes(cert);
        }
        return body.toBytes();
    }

    private static byte[] variable(int idBytes, int id, int command, byte[] body) {
        return header(idBytes, id, command).u16(body.length).bytes(body).toBytes();
    }

    private static byte[] fixed(int idBytes, int id, int command, byte[] body) {
        return header(idBytes, id, command)
                .bytes(Arrays.copyOf(body, Cell.BODY_LENGTH))
                .toBytes();
    }

    private static Writer header(int idBytes, int id, int command) {
        Writer out = new Writer();
        return (idBytes == 2 ? out.u16(id) : out.u32(id)).u8(command);
    }
}
