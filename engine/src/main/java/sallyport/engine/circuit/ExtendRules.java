package sallyport.engine.circuit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.link.DialTarget;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;

/// Whether and where an EXTEND2 may lead, in the order of C tor's checks.
final class ExtendRules {
    private ExtendRules() {}

    /// Whom to dial. Only addresses of the cell decide whether it is refused; then a family that is missing there comes
    /// from the consensus, and the link chooses among those that are left.
    ///
    /// @param previousHop the relay before us; null for a client
    /// @throws ProtocolViolation when the request is against the rules
    static DialTarget target(Extend2Body extend, CircuitSettings settings, @Nullable PeerIdentity previousHop)
            throws ProtocolViolation {
        checkHandshake(extend.create());
        if (Hashes.isAllZero(extend.rsaDigest())) {
            throw RelayCircuit.violation("EXTEND2 without an identity");
        }
        KnownRelay known = settings.relays().get().byRsa(extend.rsaDigest());
        byte[] ed25519 = extend.ed25519() != null || known == null ? extend.ed25519() : known.ed25519();
        if (!isValid(extend.ipv4(), settings) && !isValid(extend.ipv6(), settings)) {
            throw RelayCircuit.violation("EXTEND2 without a usable address");
        }
        if (previousHop != null && leadsBack(extend.rsaDigest(), ed25519, previousHop)) {
            throw RelayCircuit.violation("EXTEND2 back to the previous hop");
        }
        List<RelayAddress> addresses = new ArrayList<>(2);
        addIfValid(extend.ipv4() != null ? extend.ipv4() : address(known, false), settings, addresses);
        addIfValid(extend.ipv6() != null ? extend.ipv6() : address(known, true), settings, addresses);
        return new DialTarget(List.copyOf(addresses), extend.rsaDigest(), ed25519);
    }

    /// We carry handshakes that we do not know, but none that are dead, and no ntor of another length.
    private static void checkHandshake(Create2Body create) throws ProtocolViolation {
        boolean wrong = switch (create.handshakeType()) {
            case Create2Body.TAP, Create2Body.FAST -> true;
            case Create2Body.NTOR -> create.handshake().length != Create2Body.NTOR_REQUEST_LENGTH;
            default -> false;
        };
        if (wrong) {
            throw RelayCircuit.violation("EXTEND2 with a handshake that nobody answers");
        }
    }

    private static void addIfValid(
            @Nullable RelayAddress address, CircuitSettings settings, List<RelayAddress> addresses) {
        if (address != null && isValid(address, settings)) {
            addresses.add(address);
        }
    }

    private static boolean isValid(@Nullable RelayAddress address, CircuitSettings settings) {
        return address != null
                && address.port() != 0
                && !isUnspecified(address)
                && (settings.extendAllowPrivate() || !(Ip.isPrivate(address.ip()) || Ip.isInternal(address.ip())));
    }

    private static boolean isUnspecified(RelayAddress address) {
        return Hashes.isAllZero(address.ip());
    }

    private static boolean leadsBack(byte[] rsaDigest, byte @Nullable [] ed25519, PeerIdentity previousHop) {
        return Hashes.equal(rsaDigest, previousHop.rsaDigest())
                || (ed25519 != null && Hashes.equal(ed25519, previousHop.ed25519()));
    }

    private static @Nullable RelayAddress address(@Nullable KnownRelay known, boolean ipv6) {
        for (RelayAddress address : known == null ? List.<RelayAddress>of() : known.orAddresses()) {
            if (address.isIpv6() == ipv6) {
                return address;
            }
        }
        return null;
    }
}
