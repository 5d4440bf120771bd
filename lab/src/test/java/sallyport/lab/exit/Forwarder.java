package sallyport.lab.exit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What leads to a relay behind NAT: whoever connects to one address talks to another.
final class Forwarder implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Forwarder(ServerSocket listener, InetSocketAddress to) {
        this.listener = listener;
        this.to = to;
    }

    static Forwarder start(String address, int port, InetSocketAddress to) throws IOException {
        Forwarder forwarder = new Forwarder(new ServerSocket(port, 50, InetAddress.ofLiteral(address)), to);
        Thread.ofVirtual().name("forwarder").start(forwarder::acceptAll);
        return forwarder;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : Set.copyOf(open)) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /// Until either end closes; then both do.
    private void serve(Socket client) {
        try (client;
                Socket server = new Socket()) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            server.connect(to);
            Thread back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (IOException ended) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void pump(Socket from, Socket into) {
        try (from;
                into) {
            from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException ended) {
            return;
        } finally {
            open.remove(from);
        }
    }
}
