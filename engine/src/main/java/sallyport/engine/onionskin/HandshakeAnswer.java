package sallyport.engine.onionskin;

/// A relay's answer to a handshake it accepted.
///
/// @param reply what goes back to the client
/// @param secrets the receiver's to destroy
public record HandshakeAnswer(byte[] reply, CircuitSecrets secrets) {
    @Override
    public String toString() {
        return "HandshakeAnswer";
    }
}
