package sallyport.engine.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

class StreamMessageTest {
    @ParameterizedTest
    @CsvSource({
        "www.example.com:80, www.example.com, 80",
        "a:1, a, 1",
        "a:65535, a, 65535",
        "A.B:080, A.B, 80",
        ":443, '', 443",
        "[x:443, [x, 443",
    })
    void beginNamesItsHostAndPort(String text, String host, int port) throws ProtocolViolation {
        BeginMessage begin = begin((text + "\0").getBytes(StandardCharsets.US_ASCII));
        assertThat(begin.destination().nameForResolver()).isEqualTo(host);
        assertThat(begin.destination().literal()).isNull();
        assertThat(begin.destination().port()).isEqualTo(port);
        assertThat(begin.flags()).isZero();
    }

    @Test
    void beginReadsLiteralsOfBothFamilies() throws ProtocolViolation {
        assertThat(begin("192.0.2.1:80\0".getBytes(StandardCharsets.US_ASCII)).destination())
                .isEqualTo(Destination.of("192.0.2.1", 80));
        byte[] ipv6 = begin("[2001:db8::7]:443\0".getBytes(StandardCharsets.US_ASCII))
                .destination()
                .literal();
        assertThat(ipv6).hasSize(16).endsWith(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com:80",
                "example.com\0",
                "example.com:\0",
                "example.com:0\0",
                "example.com:65536\0",
                "example.com:99999999999\0",
                "example.com:8o\0",
                "example.com:-1\0",
                "example.com: 80\0",
                "2001:db8::1\0",
                "\0",
                ""
            })
    void beginWithoutAUsablePortEndsTheStreamOnly(String text) {
        ProtocolViolation violation =
                catchThrowableOfType(ProtocolViolation.class, () -> begin(text.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.STREAM);
        assertThat(violation.reasonCode()).isEqualTo(EndReason.TORPROTOCOL.code());
        assertThat(violation.what()).doesNotContain("example");
    }

    @ParameterizedTest
    @CsvSource({"000000, 0", "00000007, 7", "0000000500, 5", "80000000, -2147483648"})
    void beginFlagsNeedFourBytes(String flags, int expected) throws Malformed, ProtocolViolation {
        byte[] body = Hex.decode("613a3100" + flags);
        assertThat(begin(body).flags()).isEqualTo(expected);
    }

    /// tor-spec's layouts, written out by hand.
    @Test
    void writesTheBytesOfTheSpecification() {
        byte[] ipv4 = {(byte) 192, 0, 2, 1};
        byte[] ipv6 = new byte[16];
        ipv6[0] = 0x20;
        ipv6[15] = 1;
        assertThat(Hex.lower(new ConnectedMessage(ipv4, 300).encode())).isEqualTo("c00002010000012c");
        assertThat(Hex.lower(new ConnectedMessage(ipv6, 1800).encode()))
                .isEqualTo("000000000620000000000000000000000000000001" + "00000708");
        assertThat(ConnectedMessage.DIRECTORY.encode()).isEmpty();
        assertThat(Hex.lower(EndMessage.of(EndReason.DONE).encode())).isEqualTo("06");
        assertThat(Hex.lower(new EndMessage(EndReason.EXITPOLICY, ipv4, 60).encode()))
                .isEqualTo("04c00002010000003c");
        assertThat(Hex.lower(new ResolvedMessage(List.of(
                                new ResolvedMessage.Answer(ResolvedMessage.IPV4, ipv4, 60),
                                new ResolvedMessage.Answer(ResolvedMessage.IPV6, ipv6, 60)))
                        .encode()))
                .isEqualTo("0404c00002010000003c" + "0610200000000000000000000000000000010000003c");
        assertThat(Hex.lower(ResolvedMessage.error(true, 60).encode()))
                .isEqualTo("f0184572726f72207265736f6c76696e6720686f73746e616d650000003c");
        assertThat(ResolvedMessage.error(false, 60).encode()[0]).isEqualTo((byte) 0xf1);
    }

    @Test
    void emptyEndIsAFaultOfTheCircuit() {
        ProtocolViolation violation =
                catchThrowableOfType(ProtocolViolation.class, () -> EndMessage.decode(new byte[9], 4, 0));
        assertThat(violation.scope()).isEqualTo(ProtocolViolation.Scope.CIRCUIT);
        assertThat(violation.reasonCode()).isEqualTo(DestroyReason.TORPROTOCOL.code());
    }

    @ParameterizedTest
    @CsvSource({"00, MISC", "01, MISC", "06, DONE", "0e, NOTDIRECTORY", "0f, MISC", "ff, MISC"})
    void unknownEndReasonsAreMisc(String hex, EndReason reason) throws Malformed, ProtocolViolation {
        assertThat(EndMessage.decode(Hex.decode(hex), 0, 1).reason()).isEqualTo(reason);
    }

    @Test
    void resolveEndsAtZeroOrWithTheBody() {
        byte[] body = "x\0example.org\0junk".getBytes(StandardCharsets.US_ASCII);
        assertThat(ResolveMessage.decode(body, 2, 11).name()).isEqualTo("example.org");
        assertThat(ResolveMessage.decode(body, 2, 16).name()).isEqualTo("example.org");
        assertThat(ResolveMessage.decode(body, 2, 0).name()).isEmpty();
    }

    /// Any bytes decode or end the stream; what was decoded comes back as it was encoded.
    @Test
    void anyBytesDecodeOrViolate() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            if (seed % 2 == 0) {
                for (int i = 0; i < body.length; i++) {
                    body[i] = (byte) "a.:[]0\0\0014".charAt(random.nextInt(9));
                }
            }
            for (Codec codec : List.<Codec>of(
                    BeginMessage::decode,
                    ConnectedMessage::decode,
                    EndMessage::decode,
                    ResolveMessage::decode,
                    ResolvedMessage::decode)) {
                try {
                    StreamMessage once = codec.decode(body, 0, body.length);
                    byte[] encoded = once.encode();
                    byte[] twice = codec.decode(encoded, 0, encoded.length).encode();
                    assertThat(twice).as("seed %s", seed).isEqualTo(encoded);
                } catch (ProtocolViolation e) {
                    assertThat(e.scope()).isNotEqualTo(ProtocolViolation.Scope.LINK);
                }
            }
        }
    }

    @Test
    void nothingPrintsWhereItLeads() throws ProtocolViolation {
        assertThat(begin("secret.example:80\0".getBytes(StandardCharsets.US_ASCII))
                        .toString())
                .doesNotContain("secret");
        assertThat(new ResolveMessage("secret.example").toString()).doesNotContain("secret");
        assertThat(new ResolvedMessage.Answer(0, new byte[4], 1).toString()).doesNotContain("[B");
    }

    private interface Codec {
        StreamMessage decode(byte[] array, int offset, int length) throws ProtocolViolation;
    }

    private static BeginMessage begin(byte[] body) throws ProtocolViolation {
        byte[] shifted = new byte[body.length + 3];
        System.arraycopy(body, 0, shifted, 2, body.length);
        return BeginMessage.decode(shifted, 2, body.length);
    }
}
