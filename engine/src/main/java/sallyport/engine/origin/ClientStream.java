package sallyport.engine.origin;

import io.netty.buffer.ByteBuf;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;

/// The client's end of one stream, or of one lookup at the exit (tor-spec "Application connections and
/// stream management"). Runs on the circuit's loop, its events too.
///
/// *Sending* is by turns: [#send] packages what the windows allow and leaves the rest in the caller's
/// buffer; where something was left, [Events#writable] says when to go on. So the caller holds at most
/// what it has read itself, and should read no more meanwhile.
///
/// *Receiving* is immediate: [Events#data] brings what came. Who cannot pass it on at once says so by
/// [Events#owedBytes] and reports by [#drained] what it passed on later; the exit is held back meanwhile,
/// by SENDMEs that are not sent or by XOFF.
public interface ClientStream {
    /// What happens to a stream. All of it on the circuit's loop.
    public interface Events {
        /// The server accepted. Data may also be sent before.
        default void connected() {}

        /// Bytes of the server; borrowed for the call.
        void data(byte[] array, int offset, int length);

        /// Bytes that [#data] brought and that wait to be passed on. Who keeps none need not care.
        default int owedBytes() {
            return 0;
        }

        /// Something was left by [ClientStream#send], and more may be sent now.
        default void writable() {}

        /// The answers to a lookup; the stream is over.
        default void resolved(ResolvedMessage answers) {}

        /// The stream is over, whoever did it, except by [ClientStream#end] and after [#resolved].
        ///
        /// @param reason the exit's; DONE: the server closed its connection and all it sent has come;
        ///     DESTROY: the circuit is over
        void ended(EndReason reason);
    }

    /// Sends what the windows allow of `source`, which it reads; the buffer stays the caller's. Where
    /// bytes are left, [Events#writable] follows, unless the stream ends.
    ///
    /// @return bytes taken
    int send(ByteBuf source);

    /// Bytes that [Events#data] brought were passed on; [Events#owedBytes] no longer counts them.
    void drained(int bytes);

    /// Ends it: the exit closes its connection, after what was sent. Nothing more is heard of it.
    void end(EndReason reason);

    boolean isOver();
}
