package sallyport.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocksRequestTest {
    private final List<Object> events = new ArrayList<>();

    @Test
    void asksStepByStep() {
        EmbeddedChannel channel = channel(SocksRequest.connect("u7", new InetSocketAddress("127.0.0.9", 80)));
        assertThat(sent(channel)).isEqualTo("050102");
        answer(channel, "0502");
        assertThat(sent(channel)).isEqualTo("01" + "027537" + "0178");
        answer(channel, "0100");
        assertThat(sent(channel)).isEqualTo("05010001" + "7f000009" + "0050");
        answer(channel, "05000001000000000000");
        assertThat(events).containsExactly(new NioStream.Opened());
        assertThat(channel.pipeline().get(SocksRequest.class)).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void resolvesANameWhateverTheFormOfTheAnswer() {
        for (String bound : List.of("0101020304", "0420010db8000000000000000000000001", "03026161")) {
            events.clear();
            EmbeddedChannel channel = channel(SocksRequest.resolve("u", "a.example"));
            byte[] all = HexFormat.of().parseHex("05020100" + "050000" + bound + "0000");
            for (byte one : all) {
                assertThat(events).isEmpty();
                channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
            }
            assertThat(sent(channel)).endsWith("05f00003" + "09612e6578616d706c65" + "0000");
            assertThat(events).as(bound).containsExactly(new NioStream.Opened());
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void passesOnWhatComesBehindTheAnswer() {
        EmbeddedChannel channel = channel(SocksRequest.connect("u", new InetSocketAddress("::1", 80)));
        answer(channel, "05020100" + "05000001000000000000" + "cafe");
        ByteBuf rest = channel.readInbound();
        assertThat(rest.readUnsignedShort()).isEqualTo(0xCAFE);
        rest.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void saysWhyItIsRefused() {
        assertThat(refusal("05ff")).isEqualTo("no SOCKS with user names");
        assertThat(refusal("485454502f")).isEqualTo("no SOCKS with user names");
        assertThat(refusal("05020101")).isEqualTo("user name refused");
        assertThat(refusal("05020100" + "05040001000000000000")).isEqualTo("SOCKS reply 4");
    }

    private String refusal(String answer) {
        events.clear();
        EmbeddedChannel channel = channel(SocksRequest.connect("u", new InetSocketAddress("127.0.0.9", 80)));
        answer(channel, answer);
        channel.finishAndReleaseAll();
        assertThat(events).singleElement().isInstanceOf(NioStream.Refused.class);
        return ((NioStream.Refused) events.getFirst()).reason();
    }

    private EmbeddedChannel channel(SocksRequest request) {
        return new EmbeddedChannel(request, new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                events.add(event);
            }
        });
    }

    private static void answer(EmbeddedChannel channel, String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder hex = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                hex.append(HexFormat.of().toHexDigits(out.readByte()));
            }
            out.release();
        }
        return hex.toString();
    }
}
