package sallyport.engine.cell;

/// What a client and an exit say about a stream, apart from DATA (handled where it lies, nothing is made of it) and
/// SENDME, XON and XOFF (they belong to flow control).
public sealed interface StreamMessage
        permits BeginMessage, ConnectedMessage, EndMessage, ResolveMessage, ResolvedMessage {
    /// The number on the wire, as in [RelayCommand].
    int command();

    /// The bytes of the message, at most 498.
    byte[] encode();
}
