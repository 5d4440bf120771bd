package sallyport.engine.instance;

import java.net.InetAddress;
import java.util.List;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.limits.BandwidthRates;

/// What one relay of ours shall be. Nothing is left open: defaults were chosen by whoever read the
/// configuration.
///
/// @param id names keys, metrics and log lines; survives a renaming
/// @param nickname 1 to 19 letters and digits (dir-spec "nickname")
/// @param orAddresses where the relay listens, which is also what it publishes: one IPv4 address, at most
/// one IPv6
/// @param outboundOr source addresses of links we dial, at most one per family; empty leaves it to the
/// system
/// @param outboundExit source addresses of exit connections, at most one per family; empty leaves it to
/// the system
/// @param exitPolicy the operator's lines in order; no default rules stand behind it when it ends in `*:*`; the last
/// line may be [#REDUCED_POLICY]
/// @param exitPolicyRejectPrivate whether private networks and our own addresses are refused before those
/// lines
/// @param contact one line, or empty
/// @param family whom it declares to be of the same operator
/// @param statistics what it counts, and tells the authorities
/// @param bandwidth how fast it may be, and what it promises of that
/// @param accounting how much it may carry
/// @param publishing whether the authorities get its descriptor, and after what proof
public record InstanceSpec(
        String id,
        String nickname,
        List<RelayAddress> orAddresses,
        List<InetAddress> outboundOr,
        List<InetAddress> outboundExit,
        boolean ipv6Exit,
        List<String> exitPolicy,
        boolean exitPolicyRejectPrivate,
        String contact,
        FamilySpec family,
        StatisticsSpec statistics,
        BandwidthRates bandwidth,
        AccountingSpec accounting,
        PublishingSpec publishing) {
    /// As the last line of a policy: the reduced list follows, not the default one (`ReducedExitPolicy`).
    public static final String REDUCED_POLICY = "reduced";

    public InstanceSpec {
        orAddresses = List.copyOf(orAddresses);
        outboundOr = List.copyOf(outboundOr);
        outboundExit = List.copyOf(outboundExit);
        exitPolicy = List.copyOf(exitPolicy);
        if (orAddresses.isEmpty() || orAddresses.getFirst().isIpv6()) {
            throw new IllegalArgumentException("the first address of a relay must be IPv4");
        }
    }

    /// The same with the outbound address of links that another one has.
    public InstanceSpec dialingAs(InstanceSpec other) {
        return with(orAddresses, other.outboundOr, family);
    }

    /// The same on the addresses of another one.
    InstanceSpec listeningAs(InstanceSpec other) {
        return with(other.orAddresses, outboundOr, family);
    }

    /// The same in another family.
    public InstanceSpec ofFamily(FamilySpec other) {
        return with(orAddresses, outboundOr, other);
    }

    private InstanceSpec with(List<RelayAddress> listening, List<InetAddress> dialing, FamilySpec declared) {
        return new InstanceSpec(
                id,
                nickname,
                listening,
                dialing,
                outboundExit,
                ipv6Exit,
                exitPolicy,
                exitPolicyRejectPrivate,
                contact,
                declared,
                statistics,
                bandwidth,
                accounting,
                publishing);
    }
}
