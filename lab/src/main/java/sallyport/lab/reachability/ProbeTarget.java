package sallyport.lab.reachability;

import java.util.List;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.RouterDescriptor;

/// A relay to be reached.
///
/// @param rsaDigest SHA-1 of its RSA identity
/// @param addresses its ORPorts, each to be tried
@SuppressWarnings("ArrayRecordComponent")
public record ProbeTarget(byte[] rsaDigest, List<RelayAddress> addresses) {
    public ProbeTarget {
        addresses = List.copyOf(addresses);
    }

    /// What a descriptor says of it.
    public static ProbeTarget of(RouterDescriptor descriptor) {
        return new ProbeTarget(descriptor.rsaDigest(), descriptor.orAddresses());
    }

    /// 40 upper-case hex digits.
    public String fingerprint() {
        return Hex.upper(rsaDigest);
    }
}
