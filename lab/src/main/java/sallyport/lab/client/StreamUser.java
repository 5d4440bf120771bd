package sallyport.lab.client;

import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.origin.ClientStream;

/// Who asked [LabClient#open] for a stream. All of it runs on the client's event loop, and must not block.
///
/// A stream either becomes [#connected] and later [#ended], or is [#ended] at once. Between the two,
/// [#data] brings what the server sent, and [ClientStream#send] takes what goes there.
public interface StreamUser {
    /// The server accepted. Sending: [ClientStream#send] packages what the windows allow of a buffer of
    /// yours and leaves the rest; where something was left, [#writable] follows. Ending:
    /// [ClientStream#end].
    void connected(ClientStream stream);

    /// Bytes of the server; the array is borrowed for the call.
    void data(byte[] array, int offset, int length);

    /// Bytes of [#data] that you keep because they cannot be passed on yet; report later by
    /// [ClientStream#drained]. Whoever keeps none leaves it as it is: then the server is never held back.
    default int owedBytes() {
        return 0;
    }

    /// More may be sent, after [ClientStream#send] had left something.
    default void writable() {}

    /// The answers to [LabClient#resolve], which ends with them.
    default void resolved(ResolvedMessage answers) {}

    /// It is over, except by [ClientStream#end] and after [#resolved]. DONE: the server closed its
    /// connection, and all that it sent has come. DESTROY: the circuit is gone. TIMEOUT: no circuit or no
    /// answer in time. RESOURCELIMIT: this client has as much to do as it may.
    void ended(EndReason reason);
}
