package sallyport.lab.dirauth;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.origin.LinkProbes;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.lab.reachability.ProbeTarget;
import sallyport.lab.reachability.ProbedRelays;
import sallyport.lab.reachability.RelayProber;

/// Sees for the roster behind the desk which relays run: a task beside the one that votes.
final class Reachability implements ProbedRelays {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final World world;
    private final AuthorityDesk desk;
    private final LinkProbes links;
    private final Tasks.Task task;

    private Reachability(World world, AuthoritySpec spec, RelayKeys keys, AuthorityDesk desk, LinksMaker maker) {
        this.world = world;
        this.desk = desk;
        EventLoop loop = world.loops().all().getFirst();
        String name = "reachability of " + spec.nickname();
        FaultCounters faults = new FaultCounters();
        this.links = new LinkProbes(
                name,
                world,
                loop,
                new CellPool(),
                keys,
                List.of(spec.orAddress()),
                HostLimits.of(world, 0).open(name, loop, faults),
                faults,
                maker);
        RelayProber prober = new RelayProber(
                links::probe,
                this,
                keys.identity().fingerprint(),
                spec.judgement().ipv6());
        this.task = world.tasks().start(name, () -> prober.run(world));
    }

    /// Begins.
    ///
    /// @param keys of the authority's relay
    /// @param maker of its links
    static Reachability start(World world, AuthoritySpec spec, RelayKeys keys, AuthorityDesk desk, LinksMaker maker) {
        return new Reachability(world, spec, keys, desk, maker);
    }

    void close() throws InterruptedException {
        task.cancel();
        var _ = task.join(END_LIMIT);
        links.close();
    }

    @Override
    public Collection<ProbeTarget> all() {
        return desk.descriptors().stream()
                .map(held -> ProbeTarget.of(held.relay().verified()))
                .toList();
    }

    @Override
    public @Nullable ProbeTarget of(String fingerprint) {
        return desk.descriptorOf(fingerprint)
                .map(held -> ProbeTarget.of(held.relay().verified()))
                .orElse(null);
    }

    @Override
    public Set<String> untested() {
        return desk.untested();
    }

    @Override
    public void reached(String fingerprint, byte[] ed25519, RelayAddress at) {
        desk.reached(fingerprint, ed25519, at, world.clock().instant());
    }
}
