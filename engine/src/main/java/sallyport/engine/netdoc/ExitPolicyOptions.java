package sallyport.engine.netdoc;

import java.util.List;
import java.util.Optional;
import sallyport.engine.address.RelayAddress;

/// What surrounds the operator's own lines when an exit policy is assembled.
///
/// @param ipv6Exit whether this relay exits to IPv6 at all (`IPv6Exit`)
/// @param rejectPrivate refuse private networks first (`ExitPolicyRejectPrivate`)
/// @param ownAddresses addresses of this relay, or of its host, to be refused then
/// @param named what the operator named to follow his lines (`ReducedExitPolicy`); without it the default
/// list does
public record ExitPolicyOptions(
        boolean ipv6Exit, boolean rejectPrivate, List<RelayAddress> ownAddresses, Optional<NamedExitPolicy> named) {
    public ExitPolicyOptions {
        ownAddresses = List.copyOf(ownAddresses);
    }

    /// Where the operator named no policy.
    public ExitPolicyOptions(boolean ipv6Exit, boolean rejectPrivate, List<RelayAddress> ownAddresses) {
        this(ipv6Exit, rejectPrivate, ownAddresses, Optional.empty());
    }
}
