package sallyport.engine.dns;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// How far the name servers of this process can be believed. Some providers answer for names that do not exist, with
/// the address of a page of their own; such an address counts as "no such name" once it is known.
///
/// One for all instances: the verdict is about servers, which the instances share, and says nothing about anybody's
/// clients. Asking from one place also asks the servers of the world's domains 24 questions a time instead of 24 for
/// each relay. Any thread may ask; what [HijackProbe] notes comes from its loop.
public final class DnsTrust {
    // C tor: an address is a hijacker's when it was seen more than 5 times and more than 10 names were probed.
    private static final int SEEN_MAX = 5;
    private static final int PROBES_MAX = 10;
    // Ours: who answers with ever new addresses shall not fill our memory.
    static final int ADDRESSES_MAX = 4096;
    private static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);

    private final World world;
    private final Map<ByteBuffer, Integer> seen = new HashMap<>();
    private final Set<String> hijackedNames = new HashSet<>();
    private final AtomicBoolean silent = new AtomicBoolean();
    private volatile Set<ByteBuffer> hijackers = Set.of();
    private volatile boolean useless;
    private volatile @Nullable Long silenceSaidNanos;
    private int probes;

    public DnsTrust(World world) {
        this.world = world;
    }

    /// Whether even names that exist are answered with a hijacker's address, so that nobody should exit through us.
    public boolean isUseless() {
        return useless;
    }

    /// Whether the answer is one that the servers give for names that do not exist.
    boolean isHijack(DnsAnswer answer) {
        Set<ByteBuffer> known = hijackers;
        return !known.isEmpty()
                && answer instanceof DnsAnswer.Address address
                && known.contains(ByteBuffer.wrap(address.ip()));
    }

    /// The probe for one name that does not exist is over.
    void probed() {
        probes++;
    }

    /// That name was answered with this address.
    void answeredThoughAbsent(byte[] ip) {
        ByteBuffer address = ByteBuffer.wrap(ip.clone());
        if (!seen.containsKey(address) && seen.size() >= ADDRESSES_MAX) {
            return;
        }
        if (seen.merge(address, 1, Integer::sum) <= SEEN_MAX || probes <= PROBES_MAX || hijackers.contains(address)) {
            return;
        }
        if (hijackers.isEmpty()) {
            world.log()
                    .warn(
                            "",
                            "the name servers answer for names that do not exist; what they say then counts as 'no"
                                    + " such name' from now on. Better set `resolver` to one that tells the truth");
        }
        Set<ByteBuffer> more = new HashSet<>(hijackers);
        more.add(address);
        hijackers = Set.copyOf(more);
    }

    /// A name that is known to exist was answered with a hijacker's address.
    ///
    /// @param names how many such names there are
    void existingNameHijacked(String name, int names) {
        hijackedNames.add(name);
        // C tor: more than half of them.
        if (hijackedNames.size() > names / 2 && !useless) {
            useless = true;
            world.log()
                    .warn(
                            "",
                            "the name servers send even names that exist elsewhere, so no relay lets anything out"
                                    + " until the next start; set `resolver` to one that tells the truth");
        }
    }

    /// Every name server of an instance has been silent for a while.
    void allSilent() {
        Long said = silenceSaidNanos;
        long now = world.ticker().nanoTime();
        if ((said == null || now - said >= QUIET_NANOS) && silent.compareAndSet(false, true)) {
            silenceSaidNanos = now;
            world.log()
                    .warn("", "no name server answers; names cannot be looked up until one does (see key `resolver`)");
        }
    }

    /// A name server answered.
    void answered() {
        if (silent.get() && silent.compareAndSet(true, false)) {
            world.log().info("", "name servers answer again");
        }
    }
}
