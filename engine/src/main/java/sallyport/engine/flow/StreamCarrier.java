package sallyport.engine.flow;

import io.netty.buffer.ByteBuf;

/// How a stream speaks toward the other end. Implemented by a circuit, and by a set of them; runs on its loop.
/// Once the circuit has closed, all of it is quiet: not ready, nothing taken, nothing sent.
public interface StreamCarrier extends MessageSender {
    /// Whether one more DATA cell of any stream may be packaged now: the circuit's window is open and its
    /// queue short. When it becomes true again the circuit resumes its streams.
    boolean ready();

    /// Packages one DATA cell with up to 498 bytes of `source`, which it reads; the buffer stays the
    /// caller's. Call only when [#ready] and `source` is readable.
    ///
    /// @return bytes taken, at least 1; 0 when the circuit has closed
    int sendData(int streamId, ByteBuf source);
}
