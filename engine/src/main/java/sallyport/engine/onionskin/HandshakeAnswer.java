package sallyport.engine.onionskin;

/// A relay's answer to a handshake it accepted.
///
/// @param reply what goes back to the client
/// @param secrets the receiver's to destroy
/// @param sendmeIncrement the cells one SENDME stands for on this circuit, 1 to 254, where congestion control was
///     negotiated (proposal 324); 0: it was not, and the windows are the fixed ones
/// @param counterGalois whether relay cells are encrypted with counter galois onion (proposal 359), which the length
///     of the keys agrees with; only with congestion control
public record HandshakeAnswer(byte[] reply, CircuitSecrets secrets, int sendmeIncrement, boolean counterGalois) {
    /// Of a handshake that negotiates nothing.
    HandshakeAnswer(byte[] reply, CircuitSecrets secrets) {
        this(reply, secrets, 0, false);
    }

    @Override
    public String toString() {
        return "HandshakeAnswer";
    }
}
