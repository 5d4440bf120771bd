package sallyport.engine.stream;

import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.flow.TowardClient;

/// The streams of one circuit. Runs on the circuit's owner loop.
public final class Streams {
    final StreamContext context;
    final TowardClient client;

    public Streams(StreamContext context, TowardClient client) {
        this.context = context;
        this.client = client;
    }

    /// Handles one decrypted message for a stream: BEGIN, BEGIN_DIR, DATA, END, RESOLVE, stream SENDME and their
    /// answers' commands, which a client must not send. The bytes are borrowed.
    ///
    /// @throws ProtocolViolation with the scope of the circuit; the streams are still to be closed with [#closeAll]
    public void onMessage(int relayCommand, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        assert context.loop().inEventLoop();
    }

    /// The circuit takes DATA again: goes on reading servers, each stream in turn.
    public void resume() {
        assert context.loop().inEventLoop();
    }

    /// The circuit is gone: flushes and closes what is connected, forgets the rest. Nothing is sent to the client.
    public void closeAll() {
        assert context.loop().inEventLoop();
    }

    /// Streams that are open or being opened, lookups included.
    public int open() {
        return 0;
    }
}
