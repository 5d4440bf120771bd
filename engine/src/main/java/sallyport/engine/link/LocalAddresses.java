package sallyport.engine.link;

import java.util.List;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;

/// Which peers are too near to prove that the outside reaches us.
final class LocalAddresses {
    // C tor's is_local_to_resolve_addr: the same /24 of IPv4 or /48 of IPv6 is the same operator's network.
    private static final int IPV4_PREFIX_BYTES = 3;
    private static final int IPV6_PREFIX_BYTES = 6;

    private LocalAddresses() {}

    static boolean isLocal(ClientAddress peer, List<RelayAddress> ours) {
        byte[] ip = peer.ipForWire();
        if (Ip.isInternal(ip)) {
            return true;
        }
        for (RelayAddress address : ours) {
            if (sameNetwork(ip, address.ip())) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameNetwork(byte[] a, byte[] b) {
        int prefix = a.length == 4 ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
        return a.length == b.length && java.util.Arrays.equals(a, 0, prefix, b, 0, prefix);
    }
}
