package sallyport.supervisor.assignment;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// Addresses that relays may have. IPv4 and IPv6 ranges are each counted through from 0, holes included, and the two
/// addresses with one count belong together. A place is usable when a host may have all of its addresses and none is
/// reserved.
///
/// @param ipv6 empty: the pool has IPv4 alone
/// @param reserved what is somebody else's: gateways, management, name servers
public record AddressPool(String name, List<IpRange> ipv4, List<IpRange> ipv6, List<IpRange> reserved) {
    public AddressPool {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
        reserved = List.copyOf(reserved);
    }

    /// How many places it has, usable or not.
    public long places() {
        return ipv4.stream()
                .map(IpRange::count)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .longValueExact();
    }

    /// The addresses of a place; empty when it is not usable.
    public Optional<AddressPair> at(long place) {
        String four = address(ipv4, place);
        String six = ipv6.isEmpty() ? "" : address(ipv6, place);
        boolean usable = !four.isEmpty() && (ipv6.isEmpty() || !six.isEmpty());
        return usable ? Optional.of(new AddressPair(four, six)) : Optional.empty();
    }

    /// Whether a relay may have the address.
    public boolean offers(String address) {
        return isHost(ipv4, address) || isHost(ipv6, address);
    }

    /// The place of one of its IPv4 addresses.
    ///
    /// @throws IllegalArgumentException for an address that is not in it
    long placeOf(String four) {
        long place = 0;
        for (IpRange range : ipv4) {
            Optional<BigInteger> offset = range.offsetOf(four);
            if (offset.isPresent()) {
                return place + offset.get().longValueExact();
            }
            place += range.count().longValueExact();
        }
        throw new IllegalArgumentException("no address of the pool");
    }

    /// Usable places, counted up to `enough`.
    public long usable(long enough) {
        long usable = 0;
        for (long place = 0; place < places() && usable < enough; place++) {
            if (at(place).isPresent()) {
                usable++;
            }
        }
        return usable;
    }

    private String address(List<IpRange> ranges, long place) {
        BigInteger offset = BigInteger.valueOf(place);
        for (IpRange range : ranges) {
            if (offset.compareTo(range.count()) < 0) {
                String address = range.at(offset);
                return range.isHost(offset) && !isReserved(address) ? address : "";
            }
            offset = offset.subtract(range.count());
        }
        return "";
    }

    private boolean isHost(List<IpRange> ranges, String address) {
        return !isReserved(address)
                && ranges.stream()
                        .anyMatch(range ->
                                range.offsetOf(address).filter(range::isHost).isPresent());
    }

    private boolean isReserved(String address) {
        return reserved.stream().anyMatch(range -> range.offsetOf(address).isPresent());
    }
}
