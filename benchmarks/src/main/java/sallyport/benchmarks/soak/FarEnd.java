package sallyport.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.TestDns;
import sallyport.lab.traffic.TestServer;

/// What lies behind the exits, web servers and the name server, and how it is broken.
final class FarEnd implements AutoCloseable {
    static final int NAMES = 300;
    /// Has a name. No private address: an exit asks nobody about those.
    static final String POINTED_TO = "192.0.2.4";

    // Below five minutes: Tor keeps such answers for about that long, so the caches turn over during a soak.
    private static final int TTL_SECONDS = 60;

    // A refused connection and a reset are seen at once; a client hears of it when the cells are through.
    final Outage serverOutage = new Outage(Duration.ofSeconds(2));
    // A question may be repeated thrice over fifteen seconds; its failure then is remembered for a moment.
    final Outage resolverOutage = new Outage(Duration.ofSeconds(25));

    // An exit remembers for five minutes, give or take four, that a name could not be asked for, as C tor does.
    private static final long REMEMBERED_NANOS = Duration.ofSeconds(545).toNanos();

    private final String address;
    private final Map<String, Long> failedNanos = new ConcurrentHashMap<>();
    private final Content content = Content.of(TestServer.SEED);
    private final Map<Long, String> digests = new ConcurrentHashMap<>();
    private final RoughServer rough;
    private final int closedPort;
    private final int dnsPort;
    private volatile TestServer server;
    private volatile TestServer server6;
    private volatile TestDns dns;

    private FarEnd(String address, String dnsAddress) throws IOException {
        this.address = address;
        this.rough = RoughServer.start(address, content);
        this.server = TestServer.start(address);
        this.server6 = TestServer.start("::1");
        this.dns = TestDns.start(dnsAddress, 0);
        this.dnsPort = dns.address().getPort();
        fillNames();
        try (TestServer unused = TestServer.start(address)) {
            closedPort = unused.port();
        }
    }

    static FarEnd start(String address, String dnsAddress) throws IOException {
        return new FarEnd(address, dnsAddress);
    }

    String address() {
        return address;
    }

    int port() {
        return server.port();
    }

    int port6() {
        return server6.port();
    }

    int roughPort() {
        return rough.port();
    }

    /// Where nobody listens.
    int closedPort() {
        return closedPort;
    }

    Content content() {
        return content;
    }

    /// SHA-256 of the first bytes of the content, lower-case hex.
    String sha256(long length) {
        return digests.computeIfAbsent(length, content::sha256);
    }

    /// For the configuration of our exits.
    String resolver() {
        return dns.hostPort();
    }

    static String name(int number) {
        return "host" + number + ".example";
    }

    static String unknownName(int number) {
        return "absent" + number + ".example";
    }

    static String silentName(int number) {
        return "silent" + number + ".example";
    }

    int openConnections() {
        return server.openConnections() + server6.openConnections() + rough.openConnections();
    }

    /// Cuts every connection and listens no more.
    void stopServers() throws IOException {
        serverOutage.begin();
        server.close();
        server6.close();
        rough.resetAll();
    }

    void startServers() throws IOException {
        server = TestServer.start(address, server.port());
        server6 = TestServer.start("::1", server6.port());
        serverOutage.end();
    }

    void resetConnections() {
        serverOutage.begin();
        rough.resetAll();
        serverOutage.end();
    }

    void stopResolver() throws IOException {
        resolverOutage.begin();
        dns.close();
    }

    void startResolver() throws IOException {
        dns = TestDns.start(dns.address().getAddress().getHostAddress(), dnsPort);
        fillNames();
        resolverOutage.end();
    }

    /// What began then, needs an answer about a name, and has failed: whether that is the resolver's absence, then or
    /// when the exit asked last.
    ///
    /// @param question the exit and the name
    boolean resolverExplains(String question, long beginNanos) {
        Long last = failedNanos.get(question);
        return resolverOutage.explains(beginNanos) || (last != null && beginNanos - last < REMEMBERED_NANOS);
    }

    /// A question to which there may have been no answer, whatever else became of who asked.
    void mayHaveFailed(String question, long beginNanos) {
        if (resolverOutage.explains(beginNanos)) {
            failedNanos.put(question, System.nanoTime());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        server6.close();
        rough.close();
        dns.close();
    }

    private void fillNames() {
        for (int i = 0; i < NAMES; i++) {
            dns.putFor(TTL_SECONDS, name(i), address);
            dns.silence(silentName(i));
        }
        dns.pointer(POINTED_TO, name(0));
    }
}
