package sallyport.lab.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.LZMAInputStream;

/// Asks two directory caches of one network for the same things.
final class DirectoryComparison {
    private static final String CONSENSUS = "/tor/status-vote/current/consensus";
    private static final String DIFF = "X-Or-Diff-From-Consensus: ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RelayFacts theirs;
    private final RelayFacts ours;

    DirectoryComparison(RelayFacts theirs, RelayFacts ours) {
        this.theirs = theirs;
        this.ours = ours;
    }

    void run() throws Exception {
        String ns = sameOnceBothHaveIt(CONSENSUS);
        String microdesc = sameOnceBothHaveIt(CONSENSUS + "-microdesc");
        for (String line : lines(microdesc, "m ")) {
            sameOnceBothHaveIt("/tor/micro/d/" + line.substring(2));
        }
        sameOnceBothHaveIt("/tor/micro/d/"
                + String.join(
                        "-",
                        lines(microdesc, "m ").stream()
                                .map(line -> line.substring(2))
                                .toList()));
        List<String> digests = new ArrayList<>();
        for (String line : lines(ns, "r ")) {
            digests.add(hex(line.split(" ", -1)[3]));
        }
        sameOnceBothHaveIt("/tor/server/d/" + String.join("+", digests));
        // No subject's: of itself each has the newest, which the other may not have yet.
        sameOnceBothHaveIt(
                "/tor/server/fp/" + hex(lines(ns, "r auth0 ").getFirst().split(" ", -1)[2]));
        sameOnceBothHaveIt("/tor/keys/fp/"
                + String.join(
                        "+",
                        lines(ns, "dir-source ").stream()
                                .map(line -> line.split(" ", -1)[2])
                                .toList()));
        sameOnceBothHaveIt("/tor/robots.txt");
        sameDiff(CONSENSUS, ns);
        sameDiff(CONSENSUS + "-microdesc", microdesc);
    }

    /// A new consensus, and what it names, reaches one a second before the other.
    private String sameOnceBothHaveIt(String path) {
        AtomicReference<byte[]> document = new AtomicReference<>(new byte[0]);
        await(path)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .untilAsserted(() -> document.set(same(path)));
        return new String(document.get(), StandardCharsets.US_ASCII);
    }

    private byte[] same(String path) {
        byte[] identity = same(path, "Accept-Encoding: identity");
        for (String encoding : List.of("deflate", "gzip", "x-tor-lzma")) {
            try {
                assertThat(body(ours, path, "Accept-Encoding: " + encoding))
                        .as(encoding)
                        .isEqualTo(identity);
            } catch (IOException e) {
                throw new AssertionError(path, e);
            }
        }
        return identity;
    }

    private byte[] same(String path, String header) {
        try {
            DirectoryStream of = DirectoryStream.ask(theirs, request(path, header));
            DirectoryStream us = DirectoryStream.ask(ours, request(path, header));
            assertThat(us.status()).as(path).isEqualTo(of.status()).isEqualTo("200 OK");
            assertThat(us.body()).as(path).isEqualTo(of.body());
            assertThat(us.headers()).as(path).isEqualTo(of.headers());
            return us.body();
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    /// Once a newer consensus is there, both lead to it from the old one by the same commands.
    private void sameDiff(String path, String old) throws Exception {
        String signed = "\ndirectory-signature ";
        byte[] part = old.substring(0, old.indexOf(signed) + signed.length()).getBytes(StandardCharsets.US_ASCII);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA3-256").digest(part));
        await("diff of " + path)
                .atMost(PATIENCE)
                .pollInterval(PAUSE)
                .untilAsserted(() -> assertThat(new String(same(path, DIFF + digest), StandardCharsets.US_ASCII))
                        .startsWith("network-status-diff-version 1\nhash " + digest.toUpperCase(Locale.ROOT)));
    }

    private static byte[] body(RelayFacts relay, String path, String header) throws IOException {
        DirectoryStream stream = DirectoryStream.ask(relay, request(path, header));
        String head = new String(stream.bytes(), StandardCharsets.ISO_8859_1);
        InputStream body = new ByteArrayInputStream(stream.body());
        if (head.contains("\r\nContent-Encoding: deflate\r\n")) {
            body = new InflaterInputStream(body);
        } else if (head.contains("\r\nContent-Encoding: gzip\r\n")) {
            body = new GZIPInputStream(body);
        } else if (head.contains("\r\nContent-Encoding: x-tor-lzma\r\n")) {
            body = new LZMAInputStream(body);
        }
        return body.readAllBytes();
    }

    private static String request(String path, String header) {
        return "GET " + path + " HTTP/1.0\r\n" + header + "\r\n\r\n";
    }

    private static List<String> lines(String document, String start) {
        return document.lines().filter(line -> line.startsWith(start)).toList();
    }

    private static String hex(String base64) {
        return HexFormat.of().withUpperCase().formatHex(Base64.getDecoder().decode(base64));
    }
}
