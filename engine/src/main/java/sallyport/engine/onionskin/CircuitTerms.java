package sallyport.engine.onionskin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.cell.ExtensionList.Extension;

/// What client and relay agreed on inside an ntor-v3 handshake (proposals 324, 346 and 359).
///
/// @param sendmeIncrement cells per SENDME, 1 to 254, with congestion control; 0 without
/// @param counterGalois whether relay cells are encrypted with counter galois onion
public record CircuitTerms(int sendmeIncrement, boolean counterGalois) {
    /// The one capability that may be asked for: version 6 of protocol number 2, Relay.
    private static final byte[] COUNTER_GALOIS = {2, 6};

    /// Of a handshake that negotiates nothing.
    public static final CircuitTerms PLAIN = new CircuitTerms(0, false);

    /// The client's side of the bargain: what it sends to ask for these terms.
    byte[] request() {
        List<Extension> asked = new ArrayList<>();
        if (sendmeIncrement > 0) {
            asked.add(new Extension(ExtensionList.CC_REQUEST, new byte[0]));
        }
        if (counterGalois) {
            asked.add(new Extension(ExtensionList.SUBPROTOCOL_REQUEST, COUNTER_GALOIS));
        }
        return new ExtensionList(asked).encode();
    }

    /// What a relay that was asked for these terms grants. It may leave congestion control out, where the
    /// circuit can do without, and its increment may differ by one from the consensus that the client
    /// knows.
    ///
    /// @throws Malformed when the list cannot be read or grants what was not asked for
    CircuitTerms granted(byte[] relayMessage) throws Malformed {
        byte[] response = ExtensionList.decode(new Reader(relayMessage))
                .first(ExtensionList.CC_RESPONSE)
                .orElse(null);
        if (response == null) {
            if (counterGalois) {
                throw new Malformed("ntor-v3 reply without the congestion control that counter galois onion needs");
            }
            return PLAIN;
        }
        int increment = response.length == 1 ? response[0] & 0xff : 0;
        if (sendmeIncrement == 0 || increment == 0 || Math.abs(increment - sendmeIncrement) > 1) {
            throw new Malformed("ntor-v3 reply with terms that were not asked for");
        }
        return new CircuitTerms(increment, counterGalois);
    }

    /// The relay's side of the bargain.
    ///
    /// @param offeredIncrement what we grant a client that asks for congestion control; 0: we do not
    /// @throws Malformed when the client's list cannot be read, or demands what we cannot do: a client that asked
    ///     for a capability has no use for a circuit without it
    static CircuitTerms negotiate(byte[] clientMessage, int offeredIncrement) throws Malformed {
        ExtensionList asked = ExtensionList.decode(new Reader(clientMessage));
        boolean wanted = asked.first(ExtensionList.CC_REQUEST).isPresent();
        CircuitTerms terms = new CircuitTerms(wanted ? offeredIncrement : 0, asksForCounterGalois(asked));
        // Its cells have no room for the SENDMEs of streams.
        if (terms.counterGalois && terms.sendmeIncrement == 0) {
            throw new Malformed("ntor-v3 request for counter galois onion without congestion control");
        }
        return terms;
    }

    /// Proposal 346: a relay must reject each capability that it does not support for this use, and pairs
    /// that are not in order. Of all there are only one may be asked for, so any other bytes are one or
    /// the other.
    private static boolean asksForCounterGalois(ExtensionList asked) throws Malformed {
        byte[] capabilities = asked.first(ExtensionList.SUBPROTOCOL_REQUEST).orElseGet(() -> new byte[0]);
        if (capabilities.length == 0) {
            return false;
        }
        if (!Arrays.equals(capabilities, COUNTER_GALOIS)) {
            throw new Malformed("ntor-v3 request for a capability that is not offered");
        }
        return true;
    }

    /// Bytes of keys that the circuit's encryption takes from the handshake.
    int keysLength() {
        return counterGalois ? CircuitSecrets.COUNTER_GALOIS_KEYS_LENGTH : CircuitSecrets.KEYS_LENGTH;
    }

    /// The relay's message to the client.
    byte[] reply() {
        List<Extension> granted = sendmeIncrement == 0
                ? List.of()
                : List.of(new Extension(ExtensionList.CC_RESPONSE, new byte[] {(byte) sendmeIncrement}));
        return new ExtensionList(granted).encode();
    }
}
