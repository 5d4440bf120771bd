package sallyport.engine.dirserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.compress.Compression;
import sallyport.engine.exit.ExitFailure;

/// Requests and answers of one directory stream, with handlers of the test's own. Texts of the answers are those of C
/// tor 0.4.9.11 (dircache.c).
class DirServerTest {
    private static final String DATE = "Date: Sun, 22 Nov 2026 06:07:08 GMT\r\n";
    private static final String GET = "GET /tor/x HTTP/1.0\r\n\r\n";

    private final List<DirRequest> asked = new ArrayList<>();
    private DirAnswer answer = DirAnswer.text("hello\n", 60);
    private final Dialogue dialogue =
            new Dialogue(new DirRoutes().getBelow("/tor/x", this::note).postBelow("/tor/hs/", this::note));

    private void note(DirRequest request, Consumer<DirAnswer> reply) {
        asked.add(request);
        reply.accept(answer);
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(dialogue.heldBytes()).isZero();
    }

    @Test
    void aDocumentHasTheHeadersOfCTor() {
        assertThat(dialogue.ask(GET))
                .isEqualTo("HTTP/1.0 200 OK\r\n" + DATE
                        + "Content-Type: text/plain\r\nX-Your-Address-Is: 203.0.113.9\r\n"
                        + "Content-Encoding: identity\r\nContent-Length: 6\r\n"
                        + "Expires: Sun, 22 Nov 2026 06:08:08 GMT\r\n\r\nhello\n");
        answer = DirAnswer.text("hello\n", 0);
        assertThat(dialogue.ask(GET)).contains("Pragma: no-cache\r\n\r\n").doesNotContain("Expires");
    }

    /// C tor keeps silent toward neighbours and private addresses.
    @Test
    void neighboursAreNotToldTheirAddress() {
        dialogue.address = new byte[] {(byte) 198, 51, 100, (byte) 200};
        assertThat(dialogue.ask(GET)).contains("200 OK").doesNotContain("X-Your");
        dialogue.address = new byte[] {10, 1, 2, 3};
        assertThat(dialogue.ask(GET)).contains("200 OK").doesNotContain("X-Your");
        dialogue.address = new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        assertThat(dialogue.ask(GET)).contains("X-Your-Address-Is: 2001:db8::1\r\n");
    }

    @Test
    void aShortAnswerHasADateAlone() {
        assertThat(dialogue.ask("GET /tor/other HTTP/1.0\r\n\r\n"))
                .isEqualTo("HTTP/1.0 404 Not found\r\n" + DATE + "\r\n");
        assertThat(dialogue.ask("POST /tor/ HTTP/1.0\r\nContent-Length: 2\r\n\r\nab"))
                .isEqualTo("HTTP/1.0 400 Nonauthoritative directory does not accept posted server descriptors\r\n"
                        + DATE + "\r\n");
    }

    /// An authority takes what relays refuse, and says so otherwise where it does not.
    @Test
    void anAuthoritysRoutesComeInFrontOfACaches() {
        DirRoutes front = new DirRoutes()
                .authoritative(DirRoutes.BODY_BYTES_MAX + 1)
                .post("/tor/", this::note)
                .getBelow("/tor/x/y", (_, reply) -> reply.accept(new DirAnswer.Status(200, "first")));
        Dialogue authority = new Dialogue(new DirRoutes().with(front).getBelow("/tor/x", this::note));
        assertThat(authority.ask("GET /tor/x/y HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 first\r\n");
        assertThat(authority.ask(GET)).endsWith("hello\n");
        answer = new DirAnswer.Status(200, "OK", List.of("X-Descriptor-Not-New: Yes"));
        String upload = "POST /tor/ HTTP/1.0\r\nContent-Length: ";
        assertThat(authority.ask(upload + "131073\r\n\r\n" + "a".repeat(131_073)))
                .isEqualTo("HTTP/1.0 200 OK\r\n" + DATE + "X-Descriptor-Not-New: Yes\r\n\r\n");
        assertThat(asked.getLast().body()).hasSize(131_073);
        assertThat(authority.ask(upload + "131074\r\n\r\n")).isEmpty();
        assertThat(authority.ask("POST /tor/other HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 404 Not found\r\n");
        assertThat(authority.heldBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /tor/x HTTP/2.0\r\n\r\n",
                "GET /tor/x\r\n\r\n",
                "GET  HTTP/1.0\r\n\r\n",
                "GET /tor/x HTTP/1.x\r\n\r\n",
                "GET /tor/x HTTP/1.0 y\r\n\r\n",
                "GET /tor/x#y HTTP/1.0\r\n\r\n",
                "GET\r\n\r\n"
            })
    void aRequestLineOfAnotherShapeIsABadRequest(String request) {
        assertThat(dialogue.ask(request)).startsWith("HTTP/1.0 400 Bad request\r\n");
        assertThat(asked).isEmpty();
    }

    /// C tor closes without an answer.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD /tor/x HTTP/1.0\r\n\r\n",
                "PUT /tor/x HTTP/1.0\r\n\r\n",
                "\r\n\r\n",
                "GET /tor/x HTTP/1.0\r\nContent-Length: many\r\n\r\n",
                "GET /tor/x HTTP/1.0\r\nContent-Length: -1\r\n\r\n",
                "POST /tor/hs/3/publish HTTP/1.0\r\nContent-Length: 131073\r\n\r\n",
                "POST /tor/hs/3/publish HTTP/1.0\r\nContent-Length: 4294967297\r\n\r\n"
            })
    void unknownMethodsAndOddLengthsAreLeftUnanswered(String request) {
        assertThat(dialogue.ask(request)).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(dialogue.faults.snapshot()).isNotEmpty();
    }

    /// The limit of C tor: a head below 50,000 bytes.
    @ParameterizedTest
    @CsvSource({"49999, true", "50000, false", "50001, false"})
    void aHeadMayHaveSoManyBytes(int bytes, boolean fits) {
        String start = "GET /tor/x HTTP/1.0\r\nA: ";
        String request = start + "a".repeat(bytes - start.length() - 4) + "\r\n\r\n";
        assertThat(request).hasSize(bytes);
        assertThat(dialogue.ask(request).isEmpty()).isEqualTo(!fits);
    }

    @Test
    void aHeadWithoutAnEndIsNotGatheredForEver() {
        dialogue.open().connect();
        for (int i = 0; i < 101; i++) {
            dialogue.send("a".repeat(498));
        }
        assertThat(dialogue.ended).isTrue();
        dialogue.close();
    }

    @Test
    void aRequestComesInAnyPieces() {
        String request = "POST /tor/hs/3/publish HTTP/1.0\r\nContent-Length: 5\r\n\r\nabcdefg";
        for (int at = 1; at < request.length() - 2; at++) {
            asked.clear();
            dialogue.open().connect().send(request.substring(0, at));
            assertThat(asked).isEmpty();
            dialogue.send(request.substring(at));
            assertThat(asked).singleElement().satisfies(one -> {
                assertThat(one.method()).isEqualTo(DirRequest.Method.POST);
                assertThat(one.path()).isEqualTo("/tor/hs/3/publish");
                assertThat(new String(one.body(), StandardCharsets.US_ASCII)).isEqualTo("abcde");
            });
            dialogue.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/tor/x,/tor/x",
        "/x/y,/tor/x/y",
        "x,/tor/x",
        "http://host/tor/x,/tor/x",
        "https://host:80/x,/tor/x",
        "/tor/x.z,/tor/x",
        "http://x,/tor/http://x"
    })
    void pathsAreReadAsCTorReadsThem(String url, String path) {
        String _ = dialogue.ask("GET " + url + " HTTP/1.0\r\n\r\n");
        if (path.startsWith("/tor/x")) {
            assertThat(asked)
                    .singleElement()
                    .satisfies(one -> assertThat(one.path()).isEqualTo(path));
        } else {
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void encodingsComeFromTheHeaderAndFromThePath() {
        String _ = dialogue.ask("GET /tor/x HTTP/1.0\r\n\r\n");
        String _ = dialogue.ask("GET /tor/x.z HTTP/1.0\r\n\r\n");
        String _ = dialogue.ask("GET /tor/x HTTP/1.0\r\naccept-encoding: x-zstd, br ,x-tor-lzma,gzip\r\n\r\n");
        assertThat(asked.get(0).accepted()).containsOnly(Compression.IDENTITY);
        assertThat(asked.get(1).accepted()).containsOnly(Compression.IDENTITY, Compression.DEFLATE);
        assertThat(asked.get(2).accepted())
                .containsOnly(Compression.IDENTITY, Compression.ZSTD, Compression.LZMA, Compression.GZIP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 22 Nov 2026 06:07:08 GMT|true",
                "Sunday, 22-Nov-26 06:07:08 GMT|true",
                "Sun Nov 22 06:07:08 2026|true",
                "yesterday|false",
                "Sun, 42 Nov 2026 06:07:08 GMT|false"
            })
    void ifModifiedSinceIsReadInThreeFormats(String date, boolean readable) {
        String _ = dialogue.ask("GET /tor/x HTTP/1.0\r\nIf-Modified-Since: " + date + "\r\n\r\n");
        assertThat(asked.getFirst().ifModifiedSince()).isEqualTo(readable ? Dialogue.NOW : null);
    }

    @Test
    void whetherTheClientIsAnonymousIsTheLinksToSay() {
        String _ = dialogue.ask(GET);
        dialogue.singleHop = false;
        String _ = dialogue.ask(GET);
        assertThat(asked.get(0).isAnonymous()).isFalse();
        assertThat(asked.get(1).isAnonymous()).isTrue();
    }

    /// Bytes that come before CONNECTED has left make it leave first.
    @Test
    void anEarlyRequestIsAnsweredAfterConnected() {
        dialogue.open().send("HEAD / HTTP/1.0\r\n\r\n");
        assertThat(dialogue.connected).isTrue();
        assertThat(dialogue.ended).isTrue();
        dialogue.close();
    }

    /// The body is made only as fast as the client takes it.
    @Test
    void aLongBodyIsMadePieceByPiece() {
        Slow slow = new Slow(100);
        answer = new DirAnswer.Document(
                "text/plain", Compression.IDENTITY, DirAnswer.LENGTH_UNKNOWN, 0, List.of(), slow);
        dialogue.open().connect().send(GET);
        int before = slow.made;
        assertThat(before).isLessThanOrEqualTo(2);
        assertThat(dialogue.heldBytes()).isBetween(1000L, 100_000L);
        assertThat(dialogue.take(3 * DirBody.PIECE_BYTES)).isEqualTo(3 * DirBody.PIECE_BYTES);
        assertThat(slow.made).isBetween(before, 5);
        int _ = dialogue.take(Integer.MAX_VALUE);
        assertThat(slow.made).isEqualTo(100);
        assertThat(dialogue.ended).isTrue();
        assertThat(slow.closed).isEqualTo(1);
        dialogue.close();
        assertThat(slow.closed).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesFreesTheBody() {
        Slow slow = new Slow(100);
        answer = new DirAnswer.Document(
                "text/plain", Compression.IDENTITY, DirAnswer.LENGTH_UNKNOWN, 0, List.of(), slow);
        dialogue.open().connect().send(GET);
        dialogue.close();
        assertThat(slow.closed).isEqualTo(1);
    }

    @Test
    void anAnswerAfterTheClientLeftIsDropped() {
        List<Consumer<DirAnswer>> replies = new ArrayList<>();
        Dialogue waiting = new Dialogue(new DirRoutes().get("/tor/x", (_, reply) -> replies.add(reply)));
        waiting.open().connect().send(GET);
        assertThat(waiting.heldBytes()).isZero();
        waiting.close();
        Slow slow = new Slow(1);
        replies.getFirst().accept(new DirAnswer.Document("text/plain", Compression.IDENTITY, -1, 0, List.of(), slow));
        assertThat(slow.closed).isEqualTo(1);
        assertThat(waiting.ended).isFalse();
    }

    /// As C tor's TestingDirConnectionMaxStall of five minutes.
    @Test
    void aStreamThatStandsStillForFiveMinutesEnds() {
        dialogue.open().connect().send("GET ");
        dialogue.pass(200);
        dialogue.send("/tor/");
        dialogue.pass(299);
        assertThat(dialogue.ended).isFalse();
        dialogue.pass(1);
        assertThat(dialogue.ended).isTrue();
        dialogue.close();
    }

    /// A bug in a handler costs its stream only.
    @Test
    void aBugEndsTheStreamAlone() {
        Dialogue broken = new Dialogue(new DirRoutes().get("/tor/x", (_, _) -> {
            throw new IllegalStateException("a bug of the test");
        }));
        broken.open().connect().send(GET);
        assertThat(broken.failure).isEqualTo(ExitFailure.INTERNAL);
        assertThat(broken.lines).singleElement().asString().contains("bug: ").doesNotContain("of the test");
        assertThat(broken.heldBytes()).isZero();
    }

    /// So many pieces of bytes, counted.
    private static final class Slow implements DirBody {
        private final int pieces;
        private int made;
        private int closed;

        Slow(int pieces) {
            this.pieces = pieces;
        }

        @Override
        public boolean writeTo(ByteBuf out) {
            byte[] piece = new byte[PIECE_BYTES];
            Arrays.fill(piece, (byte) made++);
            out.writeBytes(piece);
            return made < pieces;
        }

        @Override
        public int heldBytes() {
            return 1000;
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
