package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.origin.ClientStream;
import sallyport.lab.client.Isolation;
import sallyport.lab.client.LabClient;
import sallyport.lab.client.StreamUser;

/// Streams of clients of this process, without a SOCKS port between: users are divided among the clients
/// by their names.
///
/// @param clients at least one, all on the loop of the load
public record ClientOpener(List<LabClient> clients) implements StreamOpener {
    /// Copies the list.
    public ClientOpener {
        clients = List.copyOf(clients);
    }

    @Override
    public void open(String isolation, InetSocketAddress server, Receiver receiver) {
        LabClient client = of(isolation);
        Destination destination = Destination.of(server.getAddress().getHostAddress(), server.getPort());
        client.loop().execute(() -> client.open(Isolation.by(isolation), destination, new User(receiver)));
    }

    @Override
    public void resolve(String isolation, String name, Receiver receiver) {
        LabClient client = of(isolation);
        client.loop().execute(() -> client.resolve(Isolation.by(isolation), name, new User(receiver)));
    }

    private LabClient of(String isolation) {
        return clients.get(Math.floorMod(isolation.hashCode(), clients.size()));
    }

    private static final class User implements StreamUser, Stream {
        private static final Stream NONE = new Stream() {
            @Override
            public void write(ByteBuf bytes) {
                bytes.release();
            }

            @Override
            public boolean isWritable() {
                return false;
            }

            @Override
            public void close() {}
        };

        private final Receiver receiver;
        private final Deque<ByteBuf> unsent = new ArrayDeque<>();
        private @Nullable ClientStream stream;
        private boolean over;

        User(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void connected(ClientStream connected) {
            stream = connected;
            receiver.opened(this);
        }

        @Override
        public void data(byte[] array, int offset, int length) {
            if (!over) {
                receiver.data(Unpooled.wrappedBuffer(array, offset, length));
            }
        }

        @Override
        public void writable() {
            send();
            if (unsent.isEmpty() && !over) {
                receiver.writable();
            }
        }

        @Override
        public void resolved(ResolvedMessage answers) {
            receiver.opened(NONE);
        }

        @Override
        public void ended(EndReason reason) {
            if (!over) {
                drop();
                receiver.ended("END " + reason);
            }
        }

        @Override
        public void write(ByteBuf bytes) {
            if (over) {
                bytes.release();
                return;
            }
            unsent.add(bytes);
            send();
        }

        @Override
        public boolean isWritable() {
            return !over && unsent.isEmpty();
        }

        @Override
        public void close() {
            if (!over) {
                drop();
                opened().end(EndReason.DONE);
            }
        }

        private void send() {
            while (!unsent.isEmpty() && !over) {
                ByteBuf next = unsent.element();
                opened().send(next);
                if (next.isReadable()) {
                    return;
                }
                unsent.remove().release();
            }
        }

        private ClientStream opened() {
            return Objects.requireNonNull(stream, "nobody has it before it is open");
        }

        private void drop() {
            over = true;
            unsent.forEach(ByteBuf::release);
            unsent.clear();
        }
    }
}
