package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private final World world;
    private final EventLoop loop;
    private final Links links;
    private final Supplier<RelayIndex> relays;
    private final Supplier<Hop> ourselves;

    private int running;
    private @Nullable Hop entry;

    /// @param ourselves us as the last hop, with the onion key of the moment
    public SelfTest(World world, EventLoop loop, Links links, Supplier<RelayIndex> relays, Supplier<Hop> ourselves) {
        this.world = world;
        this.loop = loop;
        this.links = links;
        this.relays = relays;
        this.ourselves = ourselves;
    }

    /// Starts what is missing to [#CIRCUITS_AT_ONCE] circuits. Call it every minute or so until we are
    /// known to be reachable. Runs on: the instance's loop.
    public void launch() {
        Hop last = ourselves.get();
        List<Hop> candidates = candidates(last);
        if (entry == null && !candidates.isEmpty()) {
            entry = candidates.get((int) world.entropy().jitter(candidates.size()));
        }
        Hop first = entry;
        if (first == null) {
            return;
        }
        candidates.removeIf(hop -> Arrays.equals(hop.rsaDigest(), first.rsaDigest()));
        // Counted beforehand: a circuit may fail before `probe` returns, and must not make room for all relays in turn.
        for (int missing = CIRCUITS_AT_ONCE - running; missing > 0 && !candidates.isEmpty(); missing--) {
            Hop middle = candidates.remove((int) world.entropy().jitter(candidates.size()));
            running++;
            Probe.start(world, loop, links, List.of(first, middle, last), DROPS_PER_CIRCUIT, this::ended);
        }
    }

    /// An entry that fails is not asked again.
    private void ended(boolean built) {
        running--;
        if (!built) {
            entry = null;
        }
    }

    private List<Hop> candidates(Hop last) {
        List<Hop> candidates = new ArrayList<>();
        for (KnownRelay relay : relays.get().relays()) {
            Hop hop = Hop.of(relay);
            if (hop != null
                    && relay.flags().contains("Running")
                    && relay.flags().contains("Valid")
                    && !Arrays.equals(relay.rsaDigest(), last.rsaDigest())) {
                candidates.add(hop);
            }
        }
        return candidates;
    }
}
