package sallyport.lab.hostile;

import java.io.IOException;

/// The client's side of a circuit handshake with one relay.
interface OnionSkin {
    /// The number of its kind in CREATE2.
    int type();

    /// What the client sends.
    byte[] request();

    /// Checks the relay's answer.
    ///
    /// @return the layer that the client shares with the relay from now on
    /// @throws IOException when whoever answered is not the relay, or did not answer this request
    Hop hop(byte[] reply) throws IOException;
}
