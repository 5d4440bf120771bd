package sallyport.lab.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// What leads to a relay behind NAT: whoever connects to one address talks to another.
public final class Forwarder implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final Service service;

    private Forwarder(Service service) {
        this.service = service;
    }

    /// Listens.
    public static Forwarder start(String address, int port, InetSocketAddress to) throws IOException {
        ServerSocket listener = new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address));
        return new Forwarder(Service.start(listener, client -> forward(client, to)));
    }

    /// Cuts every connection, and takes no more.
    @Override
    public void close() throws IOException {
        service.close();
    }

    /// Until either end closes; then both do.
    private static void forward(Socket client, InetSocketAddress to) throws IOException, InterruptedException {
        try (Socket server = new Socket()) {
            server.setTcpNoDelay(true);
            server.connect(to);
            Thread back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        }
    }

    private static void pump(Socket from, Socket into) {
        try (from;
                into) {
            from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException ended) {
            return;
        }
    }
}
