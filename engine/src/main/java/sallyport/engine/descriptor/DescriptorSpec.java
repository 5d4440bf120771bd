package sallyport.engine.descriptor;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;

/// What the operator decided of what a descriptor says. A change of it is published at once.
/// @param ipv4 where the relay is reached
/// @param ipv6 the same for IPv6, where it has any
/// @param contact one line, or empty
/// @param family fingerprints of all its members, this relay included; empty for a relay on its own
/// @param familyKeys what the relay shows its families with
/// @param bandwidth what it may carry, and what it promises of that
/// @param hibernating whether it accepts nothing new at the moment
/// @param directoryCache whether clients may ask it for directory documents
/// @param dirPort where it answers HTTP at its IPv4 address; 0 where it does not
public record DescriptorSpec(
        String nickname,
        RelayAddress ipv4,
        @Nullable RelayAddress ipv6,
        String contact,
        ExitPolicy policy,
        SortedSet<String> family,
        FamilyKeys familyKeys,
        BandwidthRates bandwidth,
        boolean hibernating,
        boolean directoryCache,
        int dirPort) {
    // dir-spec "nickname": "between 1 and 19 alphanumeric characters ([A-Za-z0-9])".
    private static final Pattern NICKNAME = Pattern.compile("[A-Za-z0-9]{1,19}");

    public DescriptorSpec {
        family = Collections.unmodifiableSortedSet(new TreeSet<>(family));
        if (!NICKNAME.matcher(nickname).matches()) {
            throw new IllegalArgumentException("a nickname has 1 to 19 letters and digits");
        }
        if (ipv4.isIpv6() || ipv4.port() == 0 || (ipv6 != null && (!ipv6.isIpv6() || ipv6.port() == 0))) {
            throw new IllegalArgumentException("a relay has one IPv4 address and port, and at most one of IPv6");
        }
        if (contact.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new IllegalArgumentException("contact must be one line");
        }
    }

    /// Where the relay is reached: one IPv4 address, and one of IPv6 where it has any.
    List<RelayAddress> orAddresses() {
        return ipv6 == null ? List.of(ipv4) : List.of(ipv4, ipv6);
    }

    /// A relay that is awake, and has no quota to spare.
    public DescriptorSpec(
            String nickname,
            RelayAddress ipv4,
            @Nullable RelayAddress ipv6,
            String contact,
            ExitPolicy policy,
            SortedSet<String> family,
            FamilyKeys familyKeys,
            BandwidthRates bandwidth) {
        this(nickname, ipv4, ipv6, contact, policy, family, familyKeys, bandwidth, false, true, 0);
    }

    /// A relay that belongs to no family and has no limits.
    public DescriptorSpec(
            String nickname, RelayAddress ipv4, @Nullable RelayAddress ipv6, String contact, ExitPolicy policy) {
        this(
                nickname,
                ipv4,
                ipv6,
                contact,
                policy,
                Collections.emptySortedSet(),
                FamilyKeys.NONE,
                BandwidthRates.UNLIMITED);
    }
}
