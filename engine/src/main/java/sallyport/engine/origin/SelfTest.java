package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;
import sallyport.engine.world.World;

/// Asks other relays to extend circuits to us, so that one of them must open a link to our ORPort. Success
/// shows where the CREATE arrives (`link.ReachabilityListener`), not here: a circuit back to us over an
/// old link proves nothing.
///
/// A relay that has a link to us, because we dialed it, would use that one. So all circuits enter at one
/// relay, and a second one in between, which we never dial, has to open the link.
public final class SelfTest {
    /// C tor tries four relays side by side.
    static final int CIRCUITS_AT_ONCE = 4;
    /// C tor sends ten seconds' worth of its rate, at most 1,000 cells, over the four of them.
    static final int DROPS_PER_CIRCUIT = 1000 / CIRCUITS_AT_ONCE;

    // Ours: in a network of ten, of which one will do, it is missed by one launch in 40,000.
    private static final int DRAWS_MAX = 100;

    private final World world;
    private final EventLoop loop;
    private final Links links;
    private final Supplier<RelayIndex> relays;
    private final Supplier<Hop> ourselves;

    private int running;
    private volatile int exercised;
    private @Nullable Hop entry;

    /// @param ourselves us as the last hop, with the onion key of the moment
    public SelfTest(World world, EventLoop loop, Links links, Supplier<RelayIndex> relays, Supplier<Hop> ourselves) {
        this.world = world;
        this.loop = loop;
        this.links = links;
        this.relays = relays;
        this.ourselves = ourselves;
    }

    /// Starts what is missing to [#CIRCUITS_AT_ONCE] circuits. Call it every minute or so until we are known to be
    /// reachable and our bandwidth is tested. Runs on: the instance's loop.
    public void launch() {
        Hop last = ourselves.get();
        List<KnownRelay> all = relays.get().relays();
        Set<Integer> drawn = new HashSet<>();
        Hop first = entry == null ? draw(all, drawn, List.of(last)) : entry;
        if (first == null) {
            return;
        }
        entry = first;
        // Counted beforehand: a circuit may fail before `probe` returns, and must not make room for all relays in turn.
        for (int missing = CIRCUITS_AT_ONCE - running; missing > 0; missing--) {
            Hop middle = draw(all, drawn, List.of(last, first));
            if (middle == null) {
                return;
            }
            running++;
            Probe.start(world, loop, links, List.of(first, middle, last), DROPS_PER_CIRCUIT, this::ended);
        }
    }

    /// Whether as many circuits as C tor wants have carried their cells since the start or [#again].
    public boolean isBandwidthTested() {
        return exercised >= CIRCUITS_AT_ONCE;
    }

    /// The next launches test the bandwidth anew. Runs on: the instance's loop.
    public void again() {
        exercised = 0;
    }

    /// An entry that fails is not asked again.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void ended(boolean built) {
        running--;
        if (built) {
            exercised++;
        } else {
            entry = null;
        }
    }

    /// A relay that may serve, by chance; null where so many draws found none. There are thousands, and each costs
    /// something to look at.
    ///
    /// @param drawn those drawn before, nobody twice
    private @Nullable Hop draw(List<KnownRelay> all, Set<Integer> drawn, List<Hop> others) {
        for (int draws = 0; draws < DRAWS_MAX && drawn.size() < all.size(); draws++) {
            int i = (int) world.entropy().jitter(all.size());
            if (drawn.add(i)) {
                KnownRelay relay = all.get(i);
                Hop hop = Hop.of(relay);
                if (hop != null
                        && relay.flags().contains("Running")
                        && relay.flags().contains("Valid")
                        && others.stream().noneMatch(other -> Arrays.equals(other.rsaDigest(), hop.rsaDigest()))) {
                    return hop;
                }
            }
        }
        return null;
    }
}
