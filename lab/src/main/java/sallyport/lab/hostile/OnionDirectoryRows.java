package sallyport.lab.hostile;

import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of descriptors of onion services, posted and asked for (rend-spec-v3 section 2.2).
final class OnionDirectoryRows {
    private static final String SECTION = "rend-spec-v3 2.2";
    private static final String PUBLISH = "/tor/hs/3/publish";
    private static final String STORED = "200 HS descriptor stored successfully.";
    private static final String INVALID = "400 Invalid HS descriptor. Rejected.";
    private static final String NOT_FOUND = "404 Not found";
    private static final int DESCRIPTOR_BYTES_MAX = 50_000;

    private OnionDirectoryRows() {}

    static List<Row> all() {
        return Stream.of(taken(), refused(), misshapen(), asked())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> taken() {
        return List.of(
                posted("a descriptor", STORED, PublishedDescriptor.fresh()),
                posted(
                        "a lifetime of nothing",
                        STORED,
                        PublishedDescriptor.fresh().withLifetime("0")),
                posted(
                        "a lifetime of twelve hours",
                        STORED,
                        PublishedDescriptor.fresh().withLifetime("720")),
                posted(
                        "the greatest revision",
                        STORED,
                        PublishedDescriptor.fresh().withRevision("18446744073709551615")),
                posted(
                        "a byte that is sealed",
                        STORED,
                        PublishedDescriptor.fresh().withSealed(49)),
                row(
                        SECTION,
                        "revisions of one key",
                        Scope.NOTHING,
                        STORED + ", " + INVALID + ", " + INVALID + ", " + STORED,
                        bench -> {
                            PublishedDescriptor first = PublishedDescriptor.fresh();
                            return String.join(
                                    ", ",
                                    post(bench, first.text()),
                                    post(bench, first.text()),
                                    post(bench, first.withRevision("99").text()),
                                    post(bench, first.withRevision("101").text()));
                        }));
    }

    private static List<Row> refused() {
        PublishedDescriptor honest = PublishedDescriptor.fresh();
        return List.of(
                posted("version 2", INVALID, honest.withVersion("2")),
                posted("version 4", INVALID, honest.withVersion("4")),
                posted("two versions", INVALID, honest.withVersion("3 3")),
                posted("a lifetime beyond twelve hours", INVALID, honest.withLifetime("721")),
                posted("a lifetime that is no number", INVALID, honest.withLifetime("x")),
                posted("a negative revision", INVALID, honest.withRevision("-1"))
                        .butTor(STORED, Scope.NOTHING),
                posted("a revision beyond 64 bits", INVALID, honest.withRevision("18446744073709551616")),
                posted("nothing that is sealed", INVALID, honest.withSealed(48)),
                posted("a certificate of another kind", INVALID, honest.withCert(4, EdCert.tomorrow())),
                posted("a certificate of yesterday", INVALID, honest.withCert(8, EdCert.yesterday())));
    }

    private static List<Row> misshapen() {
        PublishedDescriptor honest = PublishedDescriptor.fresh();
        String unsigned = honest.unsigned();
        String text = honest.text();
        return List.of(
                posted("nothing", INVALID, ""),
                posted("a word", INVALID, "hello\n"),
                posted("half of a descriptor", INVALID, text.substring(0, text.length() / 2)),
                posted("no signature", INVALID, unsigned),
                posted(
                        "a wrong signature",
                        INVALID,
                        unsigned.replace("100\n", "101\n") + text.substring(unsigned.length())),
                posted("a line before the first", INVALID, PublishedDescriptor.signed("more\n" + unsigned)),
                posted("a line behind the signature", INVALID, text + "more\n"),
                posted("a line that nobody knows", STORED, PublishedDescriptor.signed(unsigned + "more\n")),
                posted("two revisions", INVALID, PublishedDescriptor.signed(unsigned + "revision-counter 5\n")),
                posted(
                        "no revision",
                        INVALID,
                        PublishedDescriptor.signed(unsigned.replace("revision-counter 100\n", ""))),
                posted(
                        "an object of another name",
                        INVALID,
                        PublishedDescriptor.signed(unsigned.replace("MESSAGE", "MASSAGE"))),
                posted("50,000 bytes", INVALID, ofLength(DESCRIPTOR_BYTES_MAX)),
                posted("49,999 bytes", STORED, ofLength(DESCRIPTOR_BYTES_MAX - 1)),
                elsewhere("/tor/hs/2/publish"),
                elsewhere("/tor/hs/3/"),
                elsewhere("/tor/hs/x/publish"));
    }

    private static List<Row> asked() {
        return List.of(
                row(SECTION, "asking for what was posted", Scope.NOTHING, "200 OK, as posted", bench -> {
                    PublishedDescriptor descriptor = PublishedDescriptor.fresh();
                    post(bench, descriptor.text());
                    DirectoryStream stream = DirectoryStream.ask(bench.exitCircuit(), get(descriptor.path()));
                    String body = new String(stream.body(), StandardCharsets.US_ASCII);
                    return stream.status() + (body.equals(descriptor.text()) ? ", as posted" : ", garbled");
                }),
                got("a key of nobody", NOT_FOUND, PublishedDescriptor.fresh().path()),
                got("a key that is too short", NOT_FOUND, "/tor/hs/3/AAAA"),
                got("no key", NOT_FOUND, "/tor/hs/3/"),
                got("version 2", NOT_FOUND, "/tor/hs/2/AAAA"),
                row(
                        SECTION,
                        "posting from a client's own link",
                        Scope.NOTHING,
                        "503 Rejecting single hop HS descriptor post",
                        bench -> post(
                                bench.clientCircuit(),
                                PUBLISH,
                                PublishedDescriptor.fresh().text())),
                row(
                        SECTION,
                        "asking from a client's own link",
                        Scope.NOTHING,
                        "503 Rejecting single hop HS v3 descriptor request",
                        bench -> DirectoryStream.ask(
                                        bench.clientCircuit(),
                                        get(PublishedDescriptor.fresh().path()))
                                .status()));
    }

    private static String ofLength(int bytes) {
        String unsigned = PublishedDescriptor.fresh().withSealed(35_000).unsigned();
        int signature = PublishedDescriptor.signed("").length();
        return PublishedDescriptor.signed(unsigned + "x".repeat(bytes - unsigned.length() - signature - 1) + "\n");
    }

    private static Row posted(String name, String expected, PublishedDescriptor descriptor) {
        return posted(name, expected, descriptor.text());
    }

    private static Row posted(String name, String expected, String text) {
        return row(SECTION, "posting " + name, Scope.NOTHING, expected, bench -> post(bench, text));
    }

    private static Row elsewhere(String path) {
        return row(
                SECTION,
                "posting to " + path,
                Scope.NOTHING,
                INVALID,
                bench -> post(
                        bench.exitCircuit(), path, PublishedDescriptor.fresh().text()));
    }

    private static Row got(String name, String expected, String path) {
        return row(
                SECTION,
                "asking for " + name,
                Scope.NOTHING,
                expected,
                bench -> DirectoryStream.ask(bench.exitCircuit(), get(path)).status());
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.0\r\n\r\n";
    }

    private static String post(Bench bench, String text) throws IOException {
        return post(bench.exitCircuit(), PUBLISH, text);
    }

    private static String post(ClientCircuit circuit, String path, String text) throws IOException {
        return DirectoryStream.ask(
                        circuit, "POST " + path + " HTTP/1.0\r\nContent-Length: " + text.length() + "\r\n\r\n" + text)
                .status();
    }
}
