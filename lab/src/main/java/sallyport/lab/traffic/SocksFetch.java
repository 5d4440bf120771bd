package sallyport.lab.traffic;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A small SOCKS5 client with HTTP/1.0 on top; what arrives is digested, not kept.
///
/// Speaks RFC 1928, the user name of RFC 1929 (C tor isolates and names streams by it), and tor's RESOLVE (F0) and
/// RESOLVE_PTR (F1). Immutable: every call is a connection of its own, and several may run at once.
public final class SocksFetch {
    private static final int VERSION = 5;
    private static final int METHOD_NONE = 0;
    private static final int METHOD_USERNAME = 2;
    private static final int CONNECT = 1;
    private static final int RESOLVE = 0xF0;
    private static final int RESOLVE_PTR = 0xF1;
    private static final int TYPE_IPV4 = 1;
    private static final int TYPE_NAME = 3;
    private static final int TYPE_IPV6 = 4;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int HEADER_BYTES_MAX = 16 * 1024;
    // Ours: longer than C tor's own SocksTimeout of two minutes, so that its answer is the one we see.
    private static final int READ_TIMEOUT_MILLIS = 150_000;

    private final InetSocketAddress proxy;
    private final String user;

    /// A client of this proxy that gives no user name.
    public SocksFetch(InetSocketAddress proxy) {
        this(proxy, "");
    }

    private SocksFetch(InetSocketAddress proxy, String user) {
        this.proxy = proxy;
        this.user = user;
    }

    /// The same client under a SOCKS user name: C tor keeps its streams apart from those of other names.
    public SocksFetch as(String userName) {
        return new SocksFetch(proxy, userName);
    }

    /// GET `http://host:port/path`; a host that is no IP address travels as a name.
    public Fetched get(String host, int port, String path) throws IOException {
        try (Socket socket = open(host, port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head("GET", host, path, ""));
            return answer(socket);
        }
    }

    /// GET from a server given by its address.
    public Fetched get(InetSocketAddress server, String path) throws IOException {
        return get(Addresses.text(server.getAddress()), server.getPort(), path);
    }

    /// POST the first `length` bytes of the content.
    public Fetched post(String host, int port, String path, Content content, long length) throws IOException {
        try (Socket socket = open(host, port)) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            out.write(head("POST", host, path, "Content-Length: " + length + "\r\n"));
            content.writeTo(out, length);
            out.flush();
            return answer(socket);
        }
    }

    /// POST to a server given by its address.
    public Fetched post(InetSocketAddress server, String path, Content content, long length) throws IOException {
        return post(Addresses.text(server.getAddress()), server.getPort(), path, content, length);
    }

    /// A connection through the proxy, for other protocols than HTTP. The caller closes it.
    public Socket open(String host, int port) throws IOException {
        Socket socket = dial();
        try {
            request(socket, CONNECT, host, port);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The address of a name, as the exit resolved it (RESOLVE).
    public InetAddress resolve(String name) throws IOException {
        try (Socket socket = dial()) {
            return InetAddress.ofLiteral(request(socket, RESOLVE, name, 0));
        }
    }

    /// The name of an address, as the exit resolved it (RESOLVE_PTR).
    public String resolvePtr(String address) throws IOException {
        try (Socket socket = dial()) {
            return request(socket, RESOLVE_PTR, address, 0);
        }
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.connect(proxy);
        return socket;
    }

    private String request(Socket socket, int command, String host, int port) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        greet(in, out);
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {VERSION, (byte) command, 0});
        writeDestination(message, host);
        message.write(port >>> 8);
        message.write(port);
        out.write(message.toByteArray());
        if (in.readUnsignedByte() != VERSION) {
            throw new IOException("no SOCKS5 answer");
        }
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw new SocksRefusal(reply);
        }
        in.skipNBytes(1);
        String bound = readDestination(in);
        in.skipNBytes(2);
        return bound;
    }

    private void greet(DataInputStream in, OutputStream out) throws IOException {
        int method = user.isEmpty() ? METHOD_NONE : METHOD_USERNAME;
        out.write(new byte[] {VERSION, 1, (byte) method});
        if (in.readUnsignedByte() != VERSION || in.readUnsignedByte() != method) {
            throw new IOException("the SOCKS proxy refuses our method");
        }
        if (method == METHOD_USERNAME) {
            byte[] name = user.getBytes(StandardCharsets.US_ASCII);
            var message = new ByteArrayOutputStream();
            message.write(1);
            message.write(name.length);
            message.writeBytes(name);
            // RFC 1929 wants a password of at least one byte.
            message.writeBytes(new byte[] {1, 'x'});
            out.write(message.toByteArray());
            if (in.readUnsignedByte() != 1 || in.readUnsignedByte() != 0) {
                throw new IOException("the SOCKS proxy refuses our name");
            }
        }
    }

    private static void writeDestination(ByteArrayOutputStream out, String host) {
        if (Addresses.isLiteral(host)) {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            out.write(address.length == 4 ? TYPE_IPV4 : TYPE_IPV6);
            out.writeBytes(address);
        } else {
            byte[] name = host.getBytes(StandardCharsets.US_ASCII);
            out.write(TYPE_NAME);
            out.write(name.length);
            out.writeBytes(name);
        }
    }

    private static String readDestination(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case TYPE_IPV4 -> Addresses.text(InetAddress.getByAddress(in.readNBytes(4)));
            case TYPE_IPV6 -> Addresses.text(InetAddress.getByAddress(in.readNBytes(16)));
            case TYPE_NAME -> new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
            default -> throw new IOException("SOCKS address type " + type);
        };
    }

    private static byte[] head(String method, String host, String path, String more) {
        return (method + " " + path + " HTTP/1.0\r\nHost: " + host + "\r\n" + more + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Fetched answer(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), HEADER_BYTES_MAX);
        int status = -1;
        long expected = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (status < 0) {
                status = Integer.parseInt(line.split(" ", 3)[1]);
            } else if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                expected = Long.parseLong(line.substring(15).strip());
            }
        }
        MessageDigest digest = Content.newSha256();
        var head = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        long length = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
            head.write(buffer, 0, Math.min(n, Fetched.HEAD_MAX - head.size()));
            length += n;
        }
        if (expected >= 0 && expected != length) {
            throw new EOFException(length + " of " + expected + " bytes arrived");
        }
        return new Fetched(
                status, length, HexFormat.of().formatHex(digest.digest()), head.toString(StandardCharsets.UTF_8));
    }

    static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended within an HTTP head");
            }
            if (line.size() > HEADER_BYTES_MAX) {
                throw new IOException("an endless HTTP header line");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
