package sallyport.lab.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;

/// Our own client for what C tor's cannot be told: which address of the next hop its circuit takes.
public final class OwnClient {
    private OwnClient() {}

    /// Builds a circuit of two hops whose EXTEND2 names this one address of the second, and asks
    /// the second something.
    ///
    /// @param second unknown to the first, which else adds the family that is missing from its consensus
    /// @return what came besides the answer: `nothing` when all is well
    public static String extend(RelayFacts first, RelayFacts second, InetSocketAddress address) throws IOException {
        try (ClientLink link = ClientLink.asClient(first)) {
            return ClientCircuit.create(link, new Ntor(first))
                    .extend(
                            new RelayFacts(address, second.rsaId(), second.ed25519(), second.onionKey()),
                            new Ntor(second))
                    .quiet();
        }
    }
}
