package sallyport.engine.instance;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.limits.BandwidthRates;

/// What one relay of ours shall be. Nothing is left open: defaults were chosen by whoever read the
/// configuration.
///
/// @param id names keys, metrics and log lines; survives a renaming
/// @param nickname 1 to 19 letters and digits (dir-spec "nickname")
/// @param orAddresses where others find the relay, as it publishes it: one IPv4 address, at most one IPv6
/// @param listening where it listens, never empty: the same, unless something in between leads there (C
/// tor's `NoListen` and `NoAdvertise`)
/// @param outboundOr source addresses of links we dial, at most one per family; empty leaves it to the
/// system
/// @param outboundExit source addresses of exit connections, at most one per family; empty leaves it to
/// the system
/// @param exit what it lets out
/// @param servesDirectory whether clients get directory documents from it (C tor's `DirCache`)
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
        List<RelayAddress> listening,
        List<InetAddress> outboundOr,
        List<InetAddress> outboundExit,
        ExitSpec exit,
        boolean servesDirectory,
        String contact,
        FamilySpec family,
        StatisticsSpec statistics,
        BandwidthRates bandwidth,
        AccountingSpec accounting,
        PublishingSpec publishing) {
    public InstanceSpec {
        orAddresses = List.copyOf(orAddresses);
        listening = List.copyOf(listening);
        outboundOr = List.copyOf(outboundOr);
        outboundExit = List.copyOf(outboundExit);
        if (orAddresses.isEmpty() || orAddresses.getFirst().isIpv6()) {
            throw new IllegalArgumentException("the first address of a relay must be IPv4");
        }
        if (listening.isEmpty()) {
            throw new IllegalArgumentException("a relay that listens nowhere");
        }
    }

    /// Every address that is its own: where it is found, where it listens and from where it sends; 4 or
    /// 16 bytes each.
    List<byte[]> addresses() {
        return Stream.of(
                        orAddresses.stream().map(address -> address.socket().getAddress()),
                        listening.stream().map(address -> address.socket().getAddress()),
                        outboundOr.stream(),
                        outboundExit.stream())
                .flatMap(addresses -> addresses)
                .map(InetAddress::getAddress)
                .toList();
    }

    /// Where it listens instead of where others find it; empty where that is the same.
    public List<RelayAddress> listeningElsewhere() {
        return listening.equals(orAddresses) ? List.of() : listening;
    }

    /// The same with the outbound address of links that another one has.
    public InstanceSpec dialingAs(InstanceSpec other) {
        return with(nickname, orAddresses, listening, other.outboundOr, family);
    }

    /// The same on the addresses of another one.
    InstanceSpec listeningAs(InstanceSpec other) {
        return with(nickname, other.orAddresses, other.listening, outboundOr, family);
    }

    /// The same in another family.
    public InstanceSpec ofFamily(FamilySpec other) {
        return with(nickname, orAddresses, listening, outboundOr, other);
    }

    /// The same under another nickname.
    public InstanceSpec named(String other) {
        return with(other, orAddresses, listening, outboundOr, family);
    }

    private InstanceSpec with(
            String name,
            List<RelayAddress> published,
            List<RelayAddress> listenedOn,
            List<InetAddress> dialing,
            FamilySpec declared) {
        return new InstanceSpec(
                id,
                name,
                published,
                listenedOn,
                dialing,
                outboundExit,
                exit,
                servesDirectory,
                contact,
                declared,
                statistics,
                bandwidth,
                accounting,
                publishing);
    }
}
