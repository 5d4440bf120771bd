package sallyport.benchmarks.soak;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Service;

/// A server whose manners are asked for. A connection begins with one line, `WHAT LENGTH`:
///
/// - `SEND`: the first LENGTH bytes of the content, then the end
/// - `DRIBBLE`: the same in small pieces with pauses
/// - `RESET`: the same as SEND, then a TCP reset
/// - `SIP`: reads LENGTH bytes with pauses, answers their SHA-256 in hex and a newline
final class RoughServer implements AutoCloseable {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int PAUSE_MILLIS = 20;
    private static final int LINE_BYTES_MAX = 64;
    // Ours: makes the kernel's buffers small beside what is sent, so that the exit feels who is slow.
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private final Content content;
    private final Service service;

    private RoughServer(ServerSocket listener, Content content) {
        this.content = content;
        service = Service.start(listener, this::serve);
    }

    static RoughServer start(String address, Content content) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 1_024);
        return new RoughServer(listener, content);
    }

    int port() {
        return service.address().getPort();
    }

    int openConnections() {
        return service.connections().size();
    }

    /// Resets every open connection.
    void resetAll() {
        service.connections().forEach(RoughServer::reset);
    }

    @Override
    public void close() throws IOException {
        resetAll();
        service.close();
    }

    private void serve(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), PIECE_BYTES);
        OutputStream out = socket.getOutputStream();
        String[] words = line(in).split(" ", 2);
        long length = Long.parseLong(words[1]);
        switch (words[0]) {
            case "SEND" -> content.writeTo(out, length);
            case "DRIBBLE" -> content.writeTo(new Dribble(out), length);
            case "RESET" -> {
                content.writeTo(out, length);
                reset(socket);
                return;
            }
            case "SIP" -> out.write((sip(in, length) + "\n").getBytes(StandardCharsets.US_ASCII));
            default -> throw new IOException("unknown request");
        }
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static String sip(InputStream in, long length) throws IOException {
        MessageDigest digest = Exchange.newSha256();
        byte[] buffer = new byte[PIECE_BYTES];
        for (long left = length; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("the body ended early");
            }
            digest.update(buffer, 0, n);
            left -= n;
            pause();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedAlready) {
            return;
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the server stops");
        }
    }

    /// A line of the request or of an answer, without its end.
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.length() > LINE_BYTES_MAX) {
                throw new EOFException("the connection ended within a line");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    private static final class Dribble extends FilterOutputStream {
        private static final int DRIBBLE_BYTES = 4 * 1024;

        Dribble(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = 0; at < length; at += DRIBBLE_BYTES) {
                out.write(bytes, offset + at, Math.min(DRIBBLE_BYTES, length - at));
                pause();
            }
        }
    }
}
