package sallyport.lab.traffic;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// The name server of the lab, on loopback, UDP and TCP: answers what a test told it, and counts who asks.
///
/// A name that nobody put in does not exist (NXDOMAIN); a name without records of the asked type has none
/// (NODATA). Questions are repeated exactly, letter case included. Safe for use by several threads.
public final class TestDns implements AutoCloseable {
    /// RFC 1035 RCODE: the name server could not.
    public static final int SERVFAIL = 2;

    /// RFC 1035 RCODE: the name does not exist.
    public static final int NXDOMAIN = 3;

    /// The port where resolvers expect a name server; C tor's exits can use no other.
    public static final int PORT = 53;

    // RFC 1035 section 4.2.1: "Messages carried by UDP are restricted to 512 bytes".
    private static final int UDP_BYTES_MAX = 512;
    private static final int TCP_BYTES_MAX = 65_535;
    private static final int DEFAULT_TTL_SECONDS = 60;

    private final DatagramSocket datagrams;
    private final Service service;
    private final Map<String, Zone> zones = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Zone unknown = Zone.failing(NXDOMAIN, false);

    private record Zone(int code, List<byte[]> a, List<byte[]> aaaa, List<byte[]> ptr, int ttlSeconds, boolean silent) {
        static Zone failing(int code, boolean silent) {
            return new Zone(code, List.of(), List.of(), List.of(), 0, silent);
        }
    }

    private TestDns(DatagramSocket datagrams, ServerSocket listener) {
        this.datagrams = datagrams;
        this.service = Service.start(listener, this::serve);
    }

    /// Listens on the address and UDP port, and on the same TCP port; 0 lets the system choose.
    public static TestDns start(String address, int port) throws IOException {
        InetAddress host = InetAddress.ofLiteral(address);
        DatagramSocket datagrams = new DatagramSocket(port, host);
        try {
            TestDns dns = new TestDns(datagrams, new ServerSocket(datagrams.getLocalPort(), 50, host));
            Thread.ofPlatform().daemon().name("test-dns-udp").start(dns::serveUdp);
            return dns;
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
    }

    /// On port 53 where we may bind it, else on another.
    public static TestDns start(String address) throws IOException {
        try {
            return start(address, PORT);
        } catch (IOException notRoot) {
            return start(address, 0);
        }
    }

    /// Where it listens, both UDP and TCP.
    public InetSocketAddress address() {
        return service.address();
    }

    /// The address as `a.b.c.d:port`, for a configuration file.
    public String hostPort() {
        return Addresses.text(service.address().getAddress()) + ":"
                + service.address().getPort();
    }

    /// Gives a name these IPv4 and IPv6 addresses, replacing what it had.
    public TestDns put(String name, String... addresses) {
        return putFor(DEFAULT_TTL_SECONDS, name, addresses);
    }

    /// The same with a time to live.
    public TestDns putFor(int ttlSeconds, String name, String... addresses) {
        List<byte[]> all = Stream.of(addresses)
                .map(text -> InetAddress.ofLiteral(text).getAddress())
                .toList();
        zones.put(
                key(name),
                new Zone(
                        0,
                        all.stream().filter(a -> a.length == 4).toList(),
                        all.stream().filter(a -> a.length == 16).toList(),
                        List.of(),
                        ttlSeconds,
                        false));
        return this;
    }

    /// Gives an address a name (PTR).
    public TestDns pointer(String address, String name) {
        zones.put(
                key(reverse(InetAddress.ofLiteral(address).getAddress())),
                new Zone(0, List.of(), List.of(), List.of(encode(name)), DEFAULT_TTL_SECONDS, false));
        return this;
    }

    /// Gives these addresses to every name that nobody put in, as a provider does that hijacks failures.
    public TestDns hijack(String... addresses) {
        put("", addresses);
        unknown = Objects.requireNonNull(zones.get(""));
        return this;
    }

    /// Makes every question for a name fail with this code.
    public TestDns fail(String name, int code) {
        zones.put(key(name), Zone.failing(code, false));
        return this;
    }

    /// Makes every question for a name go unanswered.
    public TestDns silence(String name) {
        zones.put(key(name), Zone.failing(0, true));
        return this;
    }

    /// The names of all questions so far, in order, as they were written.
    public List<String> questions() {
        return List.copyOf(asked);
    }

    /// How often a name was asked for, in whatever letter case and of whatever type.
    public long questionsFor(String name) {
        return asked.stream().filter(name::equalsIgnoreCase).count();
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        service.close();
    }

    private void serveUdp() {
        byte[] buffer = new byte[TCP_BYTES_MAX];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()), UDP_BYTES_MAX);
                if (answer.length > 0) {
                    datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException | RuntimeException closedOrNoQuestion) {
                if (datagrams.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        while (true) {
            byte[] answer = answer(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())), TCP_BYTES_MAX);
            if (answer.length > 0) {
                out.writeShort(answer.length);
                out.write(answer);
            }
        }
    }

    private byte[] answer(ByteBuffer message, int bytesMax) {
        DnsQuestion question = DnsQuestion.parse(message);
        asked.add(question.name());
        Zone zone = zones.getOrDefault(key(question.name()), unknown);
        if (zone.silent()) {
            return new byte[0];
        }
        List<byte[]> records = switch (question.type()) {
            case DnsQuestion.TYPE_A -> zone.a();
            case DnsQuestion.TYPE_AAAA -> zone.aaaa();
            case DnsQuestion.TYPE_PTR -> zone.ptr();
            default -> List.of();
        };
        return question.answer(zone.code(), records, zone.ttlSeconds(), bytesMax);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static byte[] encode(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }

    // RFC 1035 section 3.5 and RFC 3596 section 2.5.
    private static String reverse(byte[] address) {
        StringBuilder name = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int b = address[i] & 0xFF;
            if (address.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(Integer.toHexString(b & 0xF))
                        .append('.')
                        .append(Integer.toHexString(b >>> 4))
                        .append('.');
            }
        }
        return name.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
