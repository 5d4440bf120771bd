package sallyport.engine.directory;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.netdoc.RouterStatus;

/// The index over a consensus' own entries: beside them 64 bytes of keys a relay and two tables of numbers,
/// about 100 bytes a relay together.
final class CompactRelayIndex implements RelayIndex {
    private static final int KEY_BYTES = 32;
    private static final int EMPTY_SLOT = -1;

    private final List<RouterStatus> relays;
    // Of relay i: 32 bytes of Ed25519 identity, 32 of ntor key; all zeros where unknown.
    private final byte[] keys;
    // Open addressing, sizes a power of two, at most half full: numbers of relays.
    private final int[] byAddress;
    private final int[] byEd25519;

    /// @param relays sorted by identity
    /// @param facts what is known of a relay beyond its entry, or null
    CompactRelayIndex(List<RouterStatus> relays, Function<RouterStatus, @Nullable RelayFacts> facts) {
        this.relays = relays;
        this.keys = new byte[relays.size() * 2 * KEY_BYTES];
        this.byAddress = table(2 * relays.size());
        this.byEd25519 = table(relays.size());
        for (int i = 0; i < relays.size(); i++) {
            add(i, facts.apply(relays.get(i)));
        }
    }

    @Override
    public boolean isKnownRelay(byte[] rsaDigest) {
        return find(rsaDigest) >= 0;
    }

    @Override
    public boolean isOrPort(byte[] ip, int port) {
        for (int slot = hash(ip, port) & (byAddress.length - 1);
                byAddress[slot] != EMPTY_SLOT;
                slot = (slot + 1) & (byAddress.length - 1)) {
            for (RelayAddress address : relays.get(byAddress[slot]).orAddresses()) {
                if (address.port() == port && Arrays.equals(address.ip(), ip)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
        int i = find(rsaDigest);
        return i < 0 ? null : relay(i);
    }

    @Override
    public @Nullable KnownRelay byEd25519(byte[] ed25519) {
        for (int slot = Arrays.hashCode(ed25519) & (byEd25519.length - 1);
                byEd25519[slot] != EMPTY_SLOT;
                slot = (slot + 1) & (byEd25519.length - 1)) {
            if (Arrays.equals(ed25519, key(byEd25519[slot], 0))) {
                return relay(byEd25519[slot]);
            }
        }
        return null;
    }

    @Override
    public List<KnownRelay> relays() {
        return new AllRelays();
    }

    @Override
    public int size() {
        return relays.size();
    }

    private void add(int i, @Nullable RelayFacts facts) {
        for (RelayAddress address : relays.get(i).orAddresses()) {
            insert(byAddress, hash(address.ip(), address.port()), i);
        }
        if (facts == null) {
            return;
        }
        System.arraycopy(facts.ntorKey(), 0, keys, (2 * i + 1) * KEY_BYTES, KEY_BYTES);
        byte[] ed25519 = facts.ed25519();
        if (ed25519 != null) {
            System.arraycopy(ed25519, 0, keys, 2 * i * KEY_BYTES, KEY_BYTES);
            insert(byEd25519, Arrays.hashCode(ed25519), i);
        }
    }

    private int find(byte[] rsaDigest) {
        int low = 0;
        int high = relays.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = relays.get(middle).compareIdentity(rsaDigest);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private KnownRelay relay(int i) {
        RouterStatus status = relays.get(i);
        return new KnownRelay(
                status.rsaDigest(), key(i, 0), status.nickname(), status.orAddresses(), status.flags(), key(i, 1));
    }

    private byte @Nullable [] key(int i, int which) {
        int from = (2 * i + which) * KEY_BYTES;
        byte[] key = Arrays.copyOfRange(keys, from, from + KEY_BYTES);
        return Hashes.isAllZero(key) ? null : key;
    }

    private final class AllRelays extends AbstractList<KnownRelay> implements RandomAccess {
        @Override
        public KnownRelay get(int i) {
            return relay(i);
        }

        @Override
        public int size() {
            return relays.size();
        }
    }

    private static int hash(byte[] ip, int port) {
        return Arrays.hashCode(ip) * 31 + port * 0x9e3779b9;
    }

    private static int[] table(int entries) {
        int[] table = new int[Integer.highestOneBit(Math.max(2, entries)) * 4];
        Arrays.fill(table, EMPTY_SLOT);
        return table;
    }

    private static void insert(int[] table, int hash, int value) {
        int slot = hash & (table.length - 1);
        while (table[slot] != EMPTY_SLOT) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = value;
    }
}
