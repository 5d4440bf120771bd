package sallyport.lab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.origin.ClientStream;
import sallyport.lab.traffic.Content;

/// One HTTP request through the embedded client, and what came back: the header as text, the body as
/// length and SHA-256. Runs on the client's loop; the answer is for any thread.
final class Exchange implements StreamUser {
    private static final String END_OF_HEADER = "\r\n\r\n";

    /// What came back.
    ///
    /// @param reason why the stream ended
    record Answer(
            EndReason reason,
            long length,
            String sha256,
            String text,
            @Nullable ResolvedMessage resolved) {}

    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final ByteBuf request;
    private final StringBuilder header = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final MessageDigest digest = Content.newSha256();
    private long length;
    private boolean inBody;
    private @Nullable ClientStream stream;

    private Exchange(ByteBuf request) {
        this.request = request;
    }

    static Exchange get(LabClient client, Isolation isolation, Destination to, String path) {
        return start(client, isolation, to, ascii("GET " + path + " HTTP/1.0" + END_OF_HEADER));
    }

    static Exchange post(LabClient client, Isolation isolation, Destination to, String path, byte[] body) {
        String head = "POST " + path + " HTTP/1.0\r\nContent-Length: " + body.length + END_OF_HEADER;
        return start(client, isolation, to, Unpooled.wrappedBuffer(ascii(head), Unpooled.wrappedBuffer(body)));
    }

    static Exchange resolve(LabClient client, String name) {
        Exchange exchange = new Exchange(Unpooled.EMPTY_BUFFER);
        client.resolve(Isolation.NONE, name, exchange);
        return exchange;
    }

    private static Exchange start(LabClient client, Isolation isolation, Destination to, ByteBuf request) {
        Exchange exchange = new Exchange(request);
        client.open(isolation, to, exchange);
        return exchange;
    }

    private static ByteBuf ascii(String of) {
        return Unpooled.copiedBuffer(of, StandardCharsets.US_ASCII);
    }

    @Override
    public void connected(ClientStream of) {
        stream = of;
        of.send(request);
    }

    @Override
    public void writable() {
        if (stream != null) {
            stream.send(request);
        }
    }

    @Override
    public void data(byte[] array, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (!inBody && at < end) {
            header.append((char) array[at++]);
            inBody = header.toString().endsWith(END_OF_HEADER);
        }
        digest.update(array, at, end - at);
        length += end - at;
        if (text.length() < 200) {
            text.append(new String(array, at, end - at, StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public void resolved(ResolvedMessage answers) {
        complete(EndReason.DONE, answers);
    }

    @Override
    public void ended(EndReason reason) {
        complete(reason, null);
    }

    private void complete(EndReason reason, @Nullable ResolvedMessage resolved) {
        answer.complete(
                new Answer(reason, length, HexFormat.of().formatHex(digest.digest()), text.toString(), resolved));
    }
}
