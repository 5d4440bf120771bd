package sallyport.engine.accounting;

import java.util.List;
import sallyport.engine.world.Entropy;

/// From how many addresses clients connect to us (dir-spec `entry-stats-end` and `entry-ips`).
/// Runs on: the instance's loop.
public final class EntryAddresses implements Statistic {
    private final UniqueCount addresses;

    EntryAddresses(Entropy entropy) {
        addresses = new UniqueCount(entropy);
    }

    /// Somebody connected who is no relay that the consensus lists.
    ///
    /// @param ip 4 or 16 bytes; borrowed and not kept
    public void connected(byte[] ip) {
        addresses.add(ip);
    }

    @Override
    public void begin(long nowNanos) {
        addresses.clear();
    }

    @Override
    public List<String> lines(String day, long nowNanos) {
        return List.of(
                "entry-stats-end " + day,
                "entry-ips " + DirectoryRequests.country(addresses.count(), DirectoryRequests.ADDRESSES_ROUNDED_TO));
    }
}
