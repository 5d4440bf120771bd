package sallyport.lab.hostile;

import java.io.IOException;

/// The client's end of one layer of relay-cell encryption. All bodies are those of whole cells, 509 bytes, and are
/// changed in place; each must pass in the order of the wire.
sealed interface Hop permits Tor1Hop, CgoHop {
    /// A message in this hop's format, before it is sealed.
    byte[] body(RelayOut message);

    /// Makes a body one that this hop is to recognize, and adds its layer.
    ///
    /// @param linkCommand RELAY or RELAY_EARLY
    void seal(int linkCommand, byte[] body);

    /// Adds this hop's layer around what is for another, or for nobody.
    void encrypt(int linkCommand, byte[] body);

    /// Takes this hop's layer off, and says whether the hop itself is the sender.
    boolean decrypt(int linkCommand, byte[] body);

    /// Reads a recognized body.
    ///
    /// @param hop which hop this is, from 0
    RelayMessage parse(int hop, byte[] body) throws IOException;

    /// What an honest hop's SENDME names for the last cell sealed.
    byte[] forwardTag();

    /// What our SENDME must name for the last cell recognized.
    byte[] backwardTag();
}
