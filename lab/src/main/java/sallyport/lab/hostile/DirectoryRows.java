package sallyport.lab.hostile;

import static sallyport.lab.hostile.Row.row;

import java.util.List;
import sallyport.lab.hostile.Row.Scope;

/// Requests to the directory inside a relay, good and bad (dir-spec "Supported directory URLs").
final class DirectoryRows {
    private static final String SECTION = "dir-spec";
    private static final String CONSENSUS = "/tor/status-vote/current/consensus";
    private static final int HEAD_MAX = 50_000;

    private DirectoryRows() {}

    static List<Row> all() {
        String hash = "AB".repeat(32);
        return List.of(
                get("/tor/robots.txt", "200 OK"),
                get("/robots.txt", "200 OK"),
                get("http://anywhere/tor/robots.txt", "200 OK"),
                get(CONSENSUS, "200 OK"),
                get(CONSENSUS + "-microdesc.z", "200 OK"),
                get(CONSENSUS + "-nonsense", "200 OK"),
                get(CONSENSUS + "/", "200 OK"),
                get(CONSENSUS + "/" + "00".repeat(20), refusedForSigners()),
                get(CONSENSUS + "/diff/zz", "404 Couldn't parse request"),
                get(CONSENSUS + "-microdesc/diff/" + hash, "404 No such diff available"),
                get(CONSENSUS + "-microdesc/diff/" + hash + "/" + "00".repeat(20), "404 No such diff available"),
                get("/tor/status-vote/current/authority", "404 Not found"),
                get("/tor/status-vote/next/consensus", "404 Not found"),
                get("/tor/status-vote/next/bandwidth", "404 Not found"),
                get("/tor/keys/all", "200 OK"),
                get("/tor/keys/authority", "404 Not found"),
                get("/tor/keys/fp/" + "00".repeat(20), "404 Not found"),
                get("/tor/keys/fp-sk/" + "00".repeat(20), "404 Not found"),
                get("/tor/keys/", "400 Bad request"),
                get("/tor/micro/d/" + "A".repeat(43), "404 Not found"),
                get("/tor/micro/d/short", "404 Not found"),
                get("/tor/server/authority", "200 OK"),
                get("/tor/server/d/short", "404 Servers unavailable"),
                get("/tor/server/d/" + "00".repeat(20), "404 Not found"),
                get("/tor/server/fp/" + "00".repeat(20) + "+" + "00".repeat(20), "404 Not found"),
                get("/tor/server/nothing", "404 Not found"),
                get("/tor/extra/authority", "200 OK"),
                get("/tor/extra/d/" + "00".repeat(20), "404 Not found"),
                get("/tor/networkstatus-bridges-not", "404 Not found"),
                get("/", "404 Not found"),
                asked("a consensus not older than next century", "304 Not modified", """
                        GET %s HTTP/1.0
                        If-Modified-Since: Mon, 01 Jan 2035 00:00:00 GMT

                        """.formatted(CONSENSUS)),
                asked("a date that is none", "200 OK", """
                        GET %s HTTP/1.0
                        If-Modified-Since: yesterday

                        """.formatted(CONSENSUS)),
                asked("hashes that are none", "200 OK", """
                        GET %s HTTP/1.0
                        X-Or-Diff-From-Consensus: zz %s

                        """.formatted(CONSENSUS, hash)),
                asked("a request of HTTP/2.0", "400 Bad request", "GET /tor/robots.txt HTTP/2.0\n\n"),
                asked("a request without a version", "400 Bad request", "GET /tor/robots.txt\n\n"),
                asked("a request without a path", "400 Bad request", "GET\n\n"),
                asked("a get in small letters", "200 OK", "get /tor/robots.txt HTTP/1.0\n\n"),
                asked("HEAD", "no answer", "HEAD /tor/robots.txt HTTP/1.0\n\n"),
                asked("nothing but an empty line", "no answer", "\n\n"),
                asked("a length that is no number", "no answer", "GET / HTTP/1.0\nContent-Length: x\n\n"),
                asked("a negative length", "no answer", "GET / HTTP/1.0\nContent-Length: -1\n\n"),
                asked("a descriptor", refusedUpload(), "POST /tor/ HTTP/1.0\nContent-Length: 1\n\nx"),
                asked("a vote", refusedUpload(), "POST /tor/post/vote HTTP/1.0\nContent-Length: 1\n\nx"),
                asked("a head of 49,999 bytes", "200 OK", head(HEAD_MAX - 1)),
                asked("a head of 50,000 bytes", "no answer", head(HEAD_MAX)),
                asked("a line without an end", "no answer", "x".repeat(HEAD_MAX + 1)));
    }

    private static String refusedForSigners() {
        return "404 Consensus not signed by sufficient number of requested authorities";
    }

    private static String refusedUpload() {
        return "400 Nonauthoritative directory does not accept posted server descriptors";
    }

    /// So many bytes on the wire, where each line end has two.
    private static String head(int bytes) {
        String start = "GET /tor/robots.txt HTTP/1.0\nX: ";
        return start + "x".repeat(bytes - start.length() - 1 - 4) + "\n\n";
    }

    private static Row get(String path, String expected) {
        return asked(path, expected, "GET " + path + " HTTP/1.0\n\n");
    }

    private static Row asked(String name, String expected, String request) {
        return row(SECTION, "directory: " + name, Scope.NOTHING, expected + ", END(7) 06", bench -> {
            DirectoryStream stream = DirectoryStream.ask(bench.clientCircuit(), request.replace("\n", "\r\n"));
            return stream.status() + ", " + stream.end();
        });
    }
}
