package sallyport.engine.link;

import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// The circuit ids of one link: which port has which, which wait for their DESTROY to leave, who may choose which.
final class CircuitTable {
    /// Which ids a side of the link may choose for its circuits.
    enum Half {
        /// Top bit 1.
        HIGH,
        /// Top bit 0.
        LOW,
        /// Any: link version 3 with a peer that has no identity.
        EITHER
    }

    // Specification, tor-spec "Choosing circuit IDs in create cells" leaves it open; C tor gives up after as many.
    static final int NEW_ID_TRIES = 64;

    private static final Object AWAITS_DESTROY = new Object();

    // Ids are the peer's choice: mixed with a secret, so that no choice of ids makes the map slow. Every step is
    // reversible, thus two ids never fall together.
    private final int salt;
    private final int multiplier;
    private final IntObjectHashMap<Object> slots = new IntObjectHashMap<>();
    private final Entropy entropy;
    private Half ours = Half.EITHER;
    private int topBit = 1 << 31;
    private int ports;

    CircuitTable(Entropy entropy) {
        this.entropy = entropy;
        byte[] secret = entropy.secret(8);
        this.salt = toInt(secret, 0);
        this.multiplier = toInt(secret, 4) | 1;
    }

    /// Fixes the rules once link version and peer are known.
    void rules(Half oursToChoose, boolean wideIds) {
        ours = oursToChoose;
        topBit = wideIds ? 1 << 31 : 1 << 15;
    }

    @Nullable
    CircuitPort port(int id) {
        return slots.get(key(id)) instanceof CircuitPort port ? port : null;
    }

    boolean isFree(int id) {
        return !slots.containsKey(key(id));
    }

    /// Whether the peer may choose this id for a circuit.
    boolean isPeersToChoose(int id) {
        return switch (ours) {
            case HIGH -> (id & topBit) == 0;
            case LOW -> (id & topBit) != 0;
            case EITHER -> true;
        };
    }

    /// A random free id of our half; 0 when none was found.
    int newId() {
        int mask = topBit - 1;
        for (int i = 0; i < NEW_ID_TRIES; i++) {
            int random = toInt(entropy.secret(4), 0);
            int id = (random & mask)
                    | switch (ours) {
                        case HIGH -> topBit;
                        case LOW -> 0;
                        case EITHER -> random & topBit;
                    };
            if ((id & mask) != 0 && isFree(id)) {
                return id;
            }
        }
        return 0;
    }

    void put(CircuitPort port) {
        if (slots.put(key(port.circuitId()), port) != null) {
            throw new IllegalStateException("circuit id used twice");
        }
        ports++;
    }

    void remove(CircuitPort port) {
        if (slots.remove(key(port.circuitId())) != port) {
            throw new IllegalStateException("circuit id of another port");
        }
        ports--;
    }

    /// Keeps a free id from being used until its DESTROY has left.
    void reserve(int id) {
        slots.put(key(id), AWAITS_DESTROY);
    }

    /// The DESTROY of this id has left.
    void unreserve(int id) {
        if (slots.get(key(id)) == AWAITS_DESTROY) {
            slots.remove(key(id));
        }
    }

    void forEachPort(Consumer<CircuitPort> action) {
        for (Object slot : slots.values()) {
            if (slot instanceof CircuitPort port) {
                action.accept(port);
            }
        }
    }

    /// Attached ports.
    int ports() {
        return ports;
    }

    /// Empties the table and returns the ports that were in it.
    List<CircuitPort> removeAll() {
        List<CircuitPort> all = new ArrayList<>(ports);
        forEachPort(all::add);
        slots.clear();
        ports = 0;
        return all;
    }

    /// Where the map looks for an id: its lowest bits name the slot.
    int key(int id) {
        // Products carry upward only: what stands above is brought down in between, twice.
        int mixed = (id ^ salt) * multiplier;
        mixed = (mixed ^ mixed >>> 16) * multiplier;
        return mixed ^ mixed >>> 16;
    }

    private static int toInt(byte[] b, int at) {
        return (b[at] & 0xff) << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | (b[at + 3] & 0xff);
    }
}
