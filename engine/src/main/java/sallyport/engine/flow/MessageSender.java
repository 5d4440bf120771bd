package sallyport.engine.flow;

/// How a stream tells the other end of its circuit something.
@FunctionalInterface
public interface MessageSender {
    /// Sends a message that does not count against the window. Quiet once the circuit has closed.
    ///
    /// @param body at most 488 bytes, borrowed
    void send(int streamId, int relayCommand, byte[] body);
}
