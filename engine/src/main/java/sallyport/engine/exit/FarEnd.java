package sallyport.engine.exit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What a stream talks to behind us: a server's TCP connection, or the directory inside this relay.
/// Runs on the loop that opened it; every call of [Events] comes from there too.
public interface FarEnd {
    /// Copies the bytes; they leave when the turn ends. Allowed before the connection stands.
    void write(byte[] src, int offset, int length);

    /// Bytes taken by [#write] that the other side's system does not have yet.
    int queuedBytes();

    /// Bytes that arrived and were not taken; null when there are none. Borrowed: move its reader index, then call
    /// [#inputTaken].
    @Nullable
    ByteBuf input();

    /// Tells that bytes of [#input] were taken; an empty buffer is freed.
    void inputTaken();

    /// Asks for more bytes, once; call it when [#input] is null.
    void read();

    /// Stops reading, sends what is queued, then closes; gives up when nothing moves for a while.
    void closeAfterFlush();

    /// Closes now and forgets what is queued.
    void close();

    /// When the oldest of the bytes held here came, in either direction, in ticker nanoseconds; null where none are
    /// held
    /// that count as queued.
    default @Nullable Long oldestNanos() {
        return null;
    }

    /// The stream's ear. Nothing is called any more after [FarEnd#close], [FarEnd#closeAfterFlush], [#onEnd] or
    /// [#onFailure].
    interface Events {
        /// The server accepted.
        void onConnected();

        /// [FarEnd#input] has bytes.
        void onInput();

        /// The other side's system took bytes: [FarEnd#queuedBytes] is less by so many.
        void onWritten(int bytes);

        /// No more bytes will come after those in [FarEnd#input]; the far end can still be written to.
        void onEnd();

        /// The connection failed or broke; bytes in [FarEnd#input] are gone.
        void onFailure(ExitFailure why);
    }
}
