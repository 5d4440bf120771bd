package sallyport.engine.netdoc;

import java.util.List;
import sallyport.engine.address.RelayAddress;

/// What surrounds the operator's own lines when an exit policy is assembled.
///
/// @param ipv6Exit whether this relay exits to IPv6 at all (`IPv6Exit`)
/// @param rejectPrivate refuse private networks first (`ExitPolicyRejectPrivate`)
/// @param ownAddresses addresses of this relay, or of its host, to be refused then
/// @param reduced append the reduced list instead of the default one (`ReducedExitPolicy`)
public record ExitPolicyOptions(
        boolean ipv6Exit, boolean rejectPrivate, List<RelayAddress> ownAddresses, boolean reduced) {
    public ExitPolicyOptions {
        ownAddresses = List.copyOf(ownAddresses);
    }
}
