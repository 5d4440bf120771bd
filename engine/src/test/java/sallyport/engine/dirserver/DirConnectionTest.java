package sallyport.engine.dirserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A connection to a DirPort, with a client's bytes on one side and the directory server on the other.
class DirConnectionTest {
    private static final byte[] LONG = "0123456789abcdef".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);

    private final List<DirConnection> closed = new ArrayList<>();
    private final Dialogue dialogue =
            new Dialogue(new DirRoutes().get("/tor/long", (_, reply) -> reply.accept(DirAnswer.bytes(LONG, 0))));
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }
    };

    private void connect() {
        DirConnection connection = new DirConnection(dialogue.server(), channel, closed::add);
        channel.pipeline().addLast(connection);
        channel.pipeline().fireChannelActive();
        dialogue.connect();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private String received() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            all.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        return all.toString();
    }

    @AfterEach
    void nothingIsHeld() {
        channel.finishAndReleaseAll();
        assertThat(closed).hasSize(1);
        assertThat(dialogue.heldBytes()).isZero();
    }

    /// Many pieces: each brings the next, and none is lost, doubled or overtaken.
    @Test
    void aLongAnswerComesWholeAndEndsTheConnection() {
        connect();
        send("GET /tor/lo");
        assertThat(received()).isEmpty();
        send("ng HTTP/1.0\r\n\r\n");
        String answer = received();
        assertThat(answer).startsWith("HTTP/1.0 200 OK\r\n");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .isEqualTo(new String(LONG, StandardCharsets.US_ASCII));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatIsNoRequestEndsTheConnectionWithoutAnAnswer() {
        connect();
        send("HEAD /tor/long HTTP/1.0\r\n\r\n");
        assertThat(received()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClientThatLeavesTakesItsRequestAlong() {
        connect();
        send("GET /tor/long HTTP/1.0\r\n");
        channel.close().syncUninterruptibly();
        assertThat(received()).isEmpty();
    }
}
