package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/// Opens streams to servers. Every call, in both directions, is on the event loop of the [Load].
public interface StreamOpener {
    /// Opens a stream to a server; the receiver is told what comes of it, never within this call.
    ///
    /// @param isolation streams of different users share no circuit
    void open(String isolation, InetSocketAddress server, Receiver receiver);

    /// Resolves a name where the stream would leave; the receiver is told `opened` or `ended`, nothing
    /// else.
    void resolve(String isolation, String name, Receiver receiver);

    /// One open stream.
    interface Stream {
        /// Sends bytes, whose ownership it takes, in order.
        void write(ByteBuf bytes);

        /// Whether more should be written now; if not, [Receiver#writable()] comes.
        boolean isWritable();

        /// Ends it. The receiver hears no more of it.
        void close();
    }

    /// Who wants the stream.
    interface Receiver {
        /// It is open.
        void opened(Stream stream);

        /// Bytes arrived, in order; they belong to the caller and are valid only within the call.
        void data(ByteBuf bytes);

        /// It takes bytes again.
        void writable();

        /// It ended or could not be opened; nothing comes after that.
        ///
        /// @param reason a constant text without address or name, fit to count by
        void ended(String reason);
    }
}
