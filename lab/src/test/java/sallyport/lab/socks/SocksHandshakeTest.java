package sallyport.lab.socks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.lab.client.Isolation;

/// What applications say to the port, byte for byte, whole and in pieces.
class SocksHandshakeTest {
    private final SocksHandshake handshake = new SocksHandshake();
    private final ByteBuf in = Unpooled.buffer();
    private final ByteBuf answers = Unpooled.buffer();

    @Test
    void aNameAndAPortAndWhatFollowsIsLeft() throws Exception {
        SocksRequest request = read("050100" + "05010003" + "0b" + "7777772e6578616d706c65" + "0050" + "474554");

        assertThat(request.kind()).isEqualTo(SocksRequest.Kind.CONNECT);
        assertThat(request.destination()).isEqualTo(Destination.of("www.example", 80));
        assertThat(request.isolation()).isEqualTo(Isolation.NONE);
        assertThat(answered()).isEqualTo("0500");
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Test
    void credentialsIsolateAndArePreferred() throws Exception {
        SocksRequest request = read("05020002" + "0102616203636465" + "05010001" + "7f000001" + "01bb");

        assertThat(request.destination()).isEqualTo(Destination.of(new byte[] {127, 0, 0, 1}, 443));
        assertThat(request.isolation())
                .isEqualTo(Isolation.by(List.of("ab", "cde")))
                .isNotEqualTo(Isolation.by(List.of("abc", "de")));
        assertThat(answered()).isEqualTo("0502" + "0100");
    }

    @Test
    void aByteAtATimeIsTheSame() throws Exception {
        byte[] all = ByteBufUtil.decodeHexDump("05020002" + "0102616203636465" + "05010003" + "01610050");
        for (int i = 0; i < all.length - 1; i++) {
            in.writeByte(all[i]);
            assertThat(handshake.read(in, answers)).isNull();
        }
        in.writeByte(all[all.length - 1]);
        assertThat(handshake.read(in, answers)).isNotNull();
        assertThat(answered()).isEqualTo("0502" + "0100");
    }

    @ParameterizedTest
    @CsvSource({
        "05f00003 0b 7777772e6578616d706c65 0000, RESOLVE, www.example",
        "05f10001 01020304 0000, RESOLVE_PTR, 4.3.2.1.in-addr.arpa",
        "05f10003 07 312e322e332e34 0000, RESOLVE_PTR, 4.3.2.1.in-addr.arpa",
        "05f10004 20010db8000000000000000000000001 0000, RESOLVE_PTR, "
                + "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    })
    void lookupsNameWhatTheExitIsAskedFor(String message, String kind, String name) throws Exception {
        SocksRequest request = read("050100" + message.replace(" ", ""));

        assertThat(request.kind()).hasToString(kind);
        assertThat(request.name()).isEqualTo(name);
        assertThat(request.destination()).isNull();
        assertThat(request).asString().doesNotContain(name);
    }

    @ParameterizedTest
    @CsvSource({
        "04010050, ''",
        "474554202f, ''",
        "050101, 05ff",
        "0500, 05ff",
        "050100 05020001 01020304 0050, 0500 05070001 00000000 0000",
        "050100 05030001 01020304 0050, 0500 05070001 00000000 0000",
        "050100 05010002 01020304 0050, 0500 05080001 00000000 0000",
        "050100 05010001 01020304 0000, 0500 05010001 00000000 0000",
        "050100 05010003 00 0050, 0500 05010001 00000000 0000",
        "050100 05010003 03 610062 0050, 0500 05010001 00000000 0000",
        "050100 05010003 03 612062 0050, 0500 05010001 00000000 0000",
        "050100 05f10003 03 616263 0000, 0500 05080001 00000000 0000",
        "050100 05f00003 00 0000, 0500 05010001 00000000 0000",
        "050102 02, 0502",
    })
    void whatWeDoNotDoIsRefusedWithItsCode(String message, String expected) {
        assertThatThrownBy(() -> read(message.replace(" ", ""))).isInstanceOf(SocksHandshake.Refused.class);
        assertThat(answered()).isEqualTo(expected.replace(" ", ""));
    }

    @ParameterizedTest
    @EnumSource(EndReason.class)
    void everyEndHasAnAnswerThatIsNoSuccess(EndReason reason) {
        assertThat(SocksReply.of(reason)).isNotEqualTo(SocksReply.SUCCEEDED);
    }

    @Test
    void aNameIsAnsweredWithItsLength() {
        SocksReply.SUCCEEDED.write(answers, SocksReply.TYPE_NAME, new byte[] {'a', 'b'});
        assertThat(answered()).isEqualTo("05000003" + "026162" + "0000");
    }

    private SocksRequest read(String hex) throws SocksHandshake.Refused {
        in.writeBytes(ByteBufUtil.decodeHexDump(hex));
        SocksRequest request = handshake.read(in, answers);
        assertThat(request).isNotNull();
        return request;
    }

    private String answered() {
        return ByteBufUtil.hexDump(answers);
    }
}
