package sallyport.lab.path;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.PortSummary;
import sallyport.engine.netdoc.ProtocolVersions;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.origin.Hop;

/// A listed relay of which all is known that a path needs. Immutable.
public final class PathRelay {
    // Specification, path-spec "Path selection and constraints": one relay of an IPv4 /16 and of an IPv6 /32.
    private static final int IPV4_NETWORK_BYTES = 2;
    private static final int IPV6_NETWORK_BYTES = 4;
    private static final int CONGESTION_CONTROL = 2;
    private static final int NTOR_V3 = 4;
    private static final int COUNTER_GALOIS = 6;
    private static final int CONFLUX = 1;

    private final RouterStatus status;
    private final byte[] ed25519;
    private final byte[] ntorKey;
    private final PortSummary ipv4Ports;
    private final PortSummary ipv6Ports;
    private final Microdescriptor.Family family;
    private final String fingerprint;

    private PathRelay(RouterStatus status, byte[] ed25519, Microdescriptor microdescriptor) {
        this.status = status;
        this.ed25519 = ed25519;
        this.ntorKey = microdescriptor.ntorKey();
        this.ipv4Ports = microdescriptor.ipv4Ports();
        this.ipv6Ports = microdescriptor.ipv6Ports();
        this.family = microdescriptor.family();
        this.fingerprint = Hex.upper(status.rsaDigest());
    }

    /// Null for a relay that no path may use.
    static @Nullable PathRelay of(RouterStatus status, Microdescriptor microdescriptor) {
        byte[] ed25519 = microdescriptor.ed25519();
        if (ed25519 == null
                || !status.flags().contains("Running")
                || !status.flags().contains("Valid")) {
            return null;
        }
        return new PathRelay(status, ed25519, microdescriptor);
    }

    /// 40 upper-case hexadecimal digits.
    public String fingerprint() {
        return fingerprint;
    }

    public String nickname() {
        return status.nickname();
    }

    /// Whether the consensus gives it the flag.
    public boolean has(String flag) {
        return status.flags().contains(flag);
    }

    public Set<String> flags() {
        return status.flags();
    }

    /// What the consensus says of its bandwidth, kB/s.
    int bandwidthKb() {
        return status.bandwidthKb();
    }

    ProtocolVersions protocols() {
        return status.protocols();
    }

    /// Whether it lets clients out at all.
    boolean isExit() {
        return !has("BadExit") && !(ipv4Ports.rejectsAll() && ipv6Ports.rejectsAll());
    }

    /// Whether, as far as its summary tells, it lets clients go there. Of a name, as C tor: IPv4 will do.
    public boolean accepts(Destination destination) {
        byte[] literal = destination.literal();
        PortSummary ports = literal != null && literal.length == 16 ? ipv6Ports : ipv4Ports;
        return !has("BadExit") && ports.accepts(destination.port());
    }

    /// Whether both may not be in one path, whatever their networks: the same relay, or of one family.
    boolean isKinOf(PathRelay other) {
        return isSame(other)
                || (family.members().stream().anyMatch(other::isNamed)
                        && other.family.members().stream().anyMatch(this::isNamed))
                || !Collections.disjoint(family.ids(), other.family.ids());
    }

    boolean isSame(PathRelay other) {
        return fingerprint.equals(other.fingerprint);
    }

    /// Whether both are in one IPv4 /16 or IPv6 /32.
    boolean isNear(PathRelay other) {
        for (RelayAddress ours : status.orAddresses()) {
            for (RelayAddress theirs : other.status.orAddresses()) {
                int bytes = ours.isIpv6() ? IPV6_NETWORK_BYTES : IPV4_NETWORK_BYTES;
                if (ours.isIpv6() == theirs.isIpv6() && Arrays.equals(ours.ip(), 0, bytes, theirs.ip(), 0, bytes)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isNamed(String member) {
        return member.startsWith("$")
                ? member.substring(1).toUpperCase(Locale.ROOT).startsWith(fingerprint)
                : member.equalsIgnoreCase(nickname());
    }

    /// Whether as an exit it joins circuits to sets, for which it must also grant congestion control.
    public boolean joinsCircuits() {
        return protocols().includes("Conflux", CONFLUX)
                && protocols().includes("FlowCtrl", CONGESTION_CONTROL)
                && protocols().includes("Relay", NTOR_V3);
    }

    /// As a hop of a circuit that it does not end.
    public Hop asHop() {
        return new Hop(List.copyOf(status.orAddresses()), status.rsaDigest(), ed25519, ntorKey);
    }

    /// As the first hop of a path that is to cost little: with CREATE_FAST, two hashes for us and for it. TLS
    /// has proved who it is (tor-spec "CREATE_FAST/CREATED_FAST cells").
    public Hop asFirstHop() {
        return new Hop(List.copyOf(status.orAddresses()), status.rsaDigest(), ed25519, null);
    }

    /// As the last hop.
    ///
    /// @param wanted what to ask for, as far as it can be had from this relay
    public Hop asExit(CircuitTerms wanted) {
        boolean congestionControl = protocols().includes("FlowCtrl", CONGESTION_CONTROL);
        boolean counterGalois = wanted.counterGalois() && protocols().includes("Relay", COUNTER_GALOIS);
        CircuitTerms possible =
                congestionControl ? new CircuitTerms(wanted.sendmeIncrement(), counterGalois) : CircuitTerms.PLAIN;
        return new Hop(
                List.copyOf(status.orAddresses()),
                status.rsaDigest(),
                ed25519,
                ntorKey,
                protocols().includes("Relay", NTOR_V3) ? possible : null);
    }

    @Override
    public String toString() {
        return nickname();
    }
}
