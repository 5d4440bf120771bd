package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Opens streams to a far end that answers as a [LoadServer] does, after a delay that a test decides.
final class ScriptedNetwork implements StreamOpener {
    private final SteppedTimeline timeline;
    final List<Conversation> conversations = new ArrayList<>();
    final Set<String> users = new HashSet<>();
    Duration delay = Duration.ofMillis(10);
    boolean silent;
    boolean wrong;
    String refusal = "";

    ScriptedNetwork(SteppedTimeline timeline) {
        this.timeline = timeline;
    }

    /// One stream.
    final class Conversation implements Stream {
        private final Receiver receiver;
        private final ByteBuf sent = Unpooled.buffer();
        long up;
        boolean closed;

        Conversation(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void write(ByteBuf bytes) {
            sent.writeBytes(bytes);
            bytes.release();
            while (sent.readableBytes() >= LoadServer.HEAD_BYTES) {
                int body = sent.getInt(sent.readerIndex() + 4);
                if (sent.readableBytes() < LoadServer.HEAD_BYTES + body) {
                    return;
                }
                int wanted = sent.getInt(sent.readerIndex() + 8);
                up += body;
                sent.skipBytes(LoadServer.HEAD_BYTES + body);
                timeline.after(delay, () -> answer(wanted));
            }
        }

        private void answer(int wanted) {
            for (long at = 0; at < wanted && !closed; ) {
                ByteBuf piece = Pattern.piece(wrong ? at + 1 : at, wanted - at);
                at += piece.readableBytes();
                receiver.data(piece);
                piece.release();
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Override
    public void open(String isolation, InetSocketAddress server, Receiver receiver) {
        users.add(isolation);
        if (!refusal.isEmpty()) {
            timeline.after(delay, () -> receiver.ended(refusal));
        } else if (!silent) {
            Conversation conversation = new Conversation(receiver);
            conversations.add(conversation);
            timeline.after(delay, () -> receiver.opened(conversation));
        }
    }

    @Override
    public void resolve(String isolation, String name, Receiver receiver) {
        open(isolation, new InetSocketAddress(0), receiver);
    }

    /// Streams that nobody closed.
    long open() {
        return conversations.stream().filter(one -> !one.closed).count();
    }
}
