package sallyport.lab.traffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A listening TCP socket, each of whose connections has a virtual thread of its own. What goes wrong on
/// one ends that one.
public final class Service implements AutoCloseable {
    private final ServerSocket listener;
    private final Conversation conversation;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// What happens on a connection; it is closed afterwards.
    @FunctionalInterface
    public interface Conversation {
        void hold(Socket socket) throws IOException, InterruptedException;
    }

    private Service(ServerSocket listener, Conversation conversation) {
        this.listener = listener;
        this.conversation = conversation;
    }

    /// Accepts from now on.
    ///
    /// @param listener is bound, and closed with the service
    public static Service start(ServerSocket listener, Conversation conversation) {
        Service service = new Service(listener, conversation);
        Thread.ofVirtual().name("accepting").start(service::acceptAll);
        return service;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /// The connections that are open right now.
    public Set<Socket> connections() {
        return Set.copyOf(open);
    }

    /// Cuts every connection, and takes no more.
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closedOrOutOfFds) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            conversation.hold(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException peerIsGone) {
            return;
        } finally {
            open.remove(socket);
        }
    }
}
