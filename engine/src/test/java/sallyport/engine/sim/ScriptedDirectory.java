package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.GeneratedNetwork;

/// An authority of a network of one: it takes what relays publish, and each hour signs a consensus of
/// those that published within a day. It believes everything.
final class ScriptedDirectory {
    private static final Duration REMEMBERED = Duration.ofHours(24);
    private static final Pattern HEAD_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    // Diffs are made of the last three consensuses: to make 72 of them each hour would be all that the process does.
    private static final String PARAMETERS = "params max-consensus-age-to-cache-for-diff=3";
    private static final int CERTIFIED = 0;

    private final SimWorld world;
    private final GeneratedNetwork network = GeneratedNetwork.sameEachTime(1);
    // By identity in hex; the newest of each.
    private final Map<String, Published> relays = new TreeMap<>();
    private final Map<String, byte[]> descriptors = new TreeMap<>();
    private final Map<String, byte[]> microdescriptors = new TreeMap<>();
    private final Map<String, Integer> asked = new TreeMap<>();
    private final List<Upload> uploads = new ArrayList<>();

    /// What a relay said of itself.
    record Upload(Instant at, String nickname, String ntorKey, String signingCertificate) {}

    private record Published(Instant at, String nickname, String ip, int port, byte[] digest, byte[] microDigest) {}

    ScriptedDirectory(SimWorld world, InetSocketAddress at) {
        this.world = world;
        var _ = world.network().listen(world.outside(), at, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Conversation());
            }
        });
    }

    byte[] v3Ident() {
        return network.ident(0);
    }

    List<Upload> uploads() {
        return uploads;
    }

    /// How often each kind of document was asked for.
    Map<String, Integer> asked() {
        return asked;
    }

    private byte[] answer(String line, byte[] body) {
        String path = line.split(" ", -1)[1];
        if (line.startsWith("POST")) {
            asked.merge("POST", 1, Integer::sum);
            take(new String(body, StandardCharsets.ISO_8859_1));
            return response("200 Descriptor accepted", new byte[0]);
        }
        String kind = Arrays.stream(path.split("/", -1))
                .skip(2)
                .limit(3)
                .reduce((a, b) -> a + "/" + b)
                .orElse("");
        if (kind.startsWith("status-vote")) {
            Flavor flavor = kind.endsWith("microdesc") ? Flavor.MICRODESC : Flavor.NS;
            asked.merge(flavor.name(), 1, Integer::sum);
            return response("200 OK", consensus(flavor));
        }
        asked.merge(kind.substring(0, kind.indexOf('/')), 1, Integer::sum);
        String what = path.substring(path.lastIndexOf("/d/") + 3);
        if (kind.startsWith("keys")) {
            return response("200 OK", network.certificate(CERTIFIED));
        }
        byte[] found = kind.startsWith("micro")
                ? joined(microdescriptors, what.split("-", -1))
                : joined(descriptors, what.split("\\+", -1));
        return found.length == 0 ? response("404 Not found", found) : response("200 OK", found);
    }

    private static byte[] identity(String hex) {
        try {
            return Hex.decode(hex);
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] joined(Map<String, byte[]> documents, String[] wanted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String each : wanted) {
            out.writeBytes(documents.getOrDefault(each, new byte[0]));
        }
        return out.toByteArray();
    }

    private static byte[] response(String status, byte[] body) {
        byte[] head = ("HTTP/1.0 " + status + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    private byte[] consensus(Flavor flavor) {
        Instant now = world.clock().instant();
        List<GeneratedNetwork.Relay> listed = new ArrayList<>();
        relays.forEach((identity, relay) -> {
            if (relay.at().plus(REMEMBERED).isAfter(now)) {
                listed.add(new GeneratedNetwork.Relay(
                        identity(identity),
                        flavor == Flavor.NS ? relay.digest() : relay.microDigest(),
                        relay.nickname(),
                        relay.ip(),
                        relay.port()));
            }
        });
        return network.consensus(
                flavor,
                now.truncatedTo(ChronoUnit.HOURS),
                listed,
                text -> text.replaceFirst("params .*", PARAMETERS),
                0);
    }

    private void take(String text) {
        String[] router = word(text, "router ", 5);
        String identity = String.join("", word(text, "fingerprint ", 10));
        String descriptor = text.substring(0, text.indexOf("\nextra-info ") + 1);
        String signed = text.substring(0, text.indexOf("router-signature\n") + "router-signature\n".length());
        byte[] digest = Hashes.sha1(signed.getBytes(StandardCharsets.ISO_8859_1));
        String ntor = word(text, "ntor-onion-key ", 1)[0];
        byte[] micro = ("onion-key\nntor-onion-key " + ntor + "\nid ed25519 " + word(text, "master-key-ed25519 ", 1)[0]
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] microDigest = Hashes.sha256(micro);
        descriptors.put(Hex.upper(digest), descriptor.getBytes(StandardCharsets.ISO_8859_1));
        microdescriptors.put(Base64.getEncoder().withoutPadding().encodeToString(microDigest), micro);
        relays.put(
                identity,
                new Published(
                        world.clock().instant(),
                        router[0],
                        router[1],
                        Integer.parseInt(router[2]),
                        digest,
                        microDigest));
        String certificate = text.substring(text.indexOf("-----BEGIN ED25519"), text.indexOf("-----END ED25519"));
        uploads.add(new Upload(world.clock().instant(), router[0], ntor, certificate));
        world.trace().add(world.nanos(), "directory", "upload " + Base64Text.unpadded(digest), text.length());
    }

    private static String[] word(String text, String keyword, int words) {
        int from = text.startsWith(keyword) ? 0 : text.indexOf("\n" + keyword) + 1;
        String line = text.substring(from + keyword.length(), text.indexOf('\n', from));
        return Arrays.copyOf(line.split(" ", -1), words);
    }

    private final class Conversation extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteArrayOutputStream request = new ByteArrayOutputStream();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            request.writeBytes(copy);
            byte[] all = request.toByteArray();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            Matcher length = HEAD_LENGTH.matcher(text.substring(0, end));
            int expected = length.find() ? Integer.parseInt(length.group(1)) : 0;
            if (all.length >= end + 4 + expected) {
                byte[] answer =
                        answer(text.substring(0, text.indexOf('\r')), Arrays.copyOfRange(all, end + 4, all.length));
                ctx.writeAndFlush(ctx.alloc().buffer(answer.length).writeBytes(answer))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
