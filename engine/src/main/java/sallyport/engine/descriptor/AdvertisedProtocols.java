package sallyport.engine.descriptor;

import java.util.List;
import java.util.stream.Collectors;

/// The `proto` line: what this relay really does. Clients and relays choose by it and fail in the middle
/// of a circuit when it promises too much, so nothing stands here before it works.
public final class AdvertisedProtocols {
    private record Protocol(String name, String versions) {}

    /// In alphabetical order, as dir-spec wants them.
    private static final List<Protocol> ALL = List.of(
            // Circuits linked into sets, as their exit.
            new Protocol("Conflux", "1"),
            // Both flavors are parsed, up to consensus method 35.
            new Protocol("Cons", "1-2"),
            // 2: we write and parse Ed25519 identities and both onion-key cross-certificates; 3 and 4: descriptors
            // without a TAP key, and with family certificates.
            new Protocol("Desc", "1-4"),
            // Consensus diffs.
            new Protocol("DirCache", "2"),
            // 1: authenticated SENDMEs; 2: congestion control, XON and XOFF.
            new Protocol("FlowCtrl", "1-2"),
            // Descriptors of onion services of version 3.
            new Protocol("HSDir", "2"),
            // 4: introduction points of version 3; 5: the rate of introductions that a service asks for.
            new Protocol("HSIntro", "4-5"),
            // 2: RENDEZVOUS2 of any length.
            new Protocol("HSRend", "1-2"),
            // 4: circuit ids of four bytes; 5: links of clients are padded.
            new Protocol("Link", "3-5"),
            // AUTHENTICATE with Ed25519 and the exporter of RFC 5705.
            new Protocol("LinkAuth", "3"),
            // 2: Ed25519 identities; 3: microdescriptors without a TAP key, and with family ids.
            new Protocol("Microdesc", "1-3"),
            // The machines that hide how circuits of onion services begin.
            new Protocol("Padding", "2"),
            // 2: CREATE2, EXTEND2 and ntor; 3: extending over IPv6; 4: ntor-v3; 5: capabilities on
            // request (proposal 346); 6: counter galois onion.
            new Protocol("Relay", "2-6"));

    /// The value of the line: `Cons=1-2 Desc=1-2 ...`.
    public static final String LINE = ALL.stream()
            .map(protocol -> protocol.name() + "=" + protocol.versions())
            .collect(Collectors.joining(" "));

    private AdvertisedProtocols() {}
}
