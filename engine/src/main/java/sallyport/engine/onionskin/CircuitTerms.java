package sallyport.engine.onionskin;

import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.cell.ExtensionList.Extension;

/// What client and relay agreed on inside an ntor-v3 handshake (proposals 324 and 346).
///
/// @param sendmeIncrement cells per SENDME, 1 to 254, with congestion control; 0 without
record CircuitTerms(int sendmeIncrement) {
    /// The relay's side of the bargain.
    ///
    /// @param offeredIncrement what we grant a client that asks for congestion control; 0: we do not
    /// @throws Malformed when the client's list cannot be read, or demands what we cannot do: a client that asked
    ///     for a capability has no use for a circuit without it
    static CircuitTerms negotiate(byte[] clientMessage, int offeredIncrement) throws Malformed {
        ExtensionList asked = ExtensionList.decode(new Reader(clientMessage));
        byte[] capabilities = asked.first(ExtensionList.SUBPROTOCOL_REQUEST).orElseGet(() -> new byte[0]);
        // Proposal 346: a relay must reject each capability that it does not support for this use. Of all there are,
        // only counter galois onion may be asked for, and this relay does not have it.
        if (capabilities.length != 0) {
            throw new Malformed("ntor-v3 request for a capability that is not offered");
        }
        boolean wanted = asked.first(ExtensionList.CC_REQUEST).isPresent();
        return new CircuitTerms(wanted ? offeredIncrement : 0);
    }

    /// The relay's message to the client.
    byte[] reply() {
        List<Extension> granted = sendmeIncrement == 0
                ? List.of()
                : List.of(new Extension(ExtensionList.CC_RESPONSE, new byte[] {(byte) sendmeIncrement}));
        return new ExtensionList(granted).encode();
    }
}
