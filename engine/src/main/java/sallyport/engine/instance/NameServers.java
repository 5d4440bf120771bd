package sallyport.engine.instance;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.HijackProbe;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// The name servers that all relays of a process ask, and how far they can be believed. What they answered is nobody's
/// but the relay's that asked.
public final class NameServers {
    private final World world;
    private final DirectoryStore directory;
    private final DnsTrust trust;
    private volatile Asked asked;

    private record Asked(List<InetSocketAddress> servers, boolean randomCase) {}

    /// @param servers never empty
    /// @param randomCase whether the letters of a question are in random case
    public NameServers(World world, List<InetSocketAddress> servers, boolean randomCase, DirectoryStore directory) {
        this.world = world;
        this.asked = new Asked(List.copyOf(servers), randomCase);
        this.directory = directory;
        this.trust = new DnsTrust(world);
    }

    /// Every question from now on goes to these.
    public void replace(List<InetSocketAddress> servers, boolean randomCase) {
        asked = new Asked(List.copyOf(servers), randomCase);
    }

    /// Tests now and then whether they lie, in a task that ends when it is cancelled or has found out the worst.
    ///
    /// @param existing names that exist
    /// @param wanted whether any relay lets anything out; otherwise nothing is asked
    /// @param whenUseless called once when they redirect even names that exist
    public Tasks.Task startChecks(
            List<String> existing, boolean testing, BooleanSupplier wanted, Runnable whenUseless) {
        HijackProbe probe =
                new HijackProbe(world, world.loops().all().getFirst(), () -> settings(true), trust, existing, testing);
        return world.tasks().start("checks of the name servers", () -> probe.run(wanted, whenUseless));
    }

    DnsTrust trust() {
        return trust;
    }

    /// What the resolver of a relay obeys now.
    ResolverSettings settings(boolean ipv6) {
        NetworkParameters parameters = directory.parameters();
        Asked now = asked;
        return new ResolverSettings(
                now.servers(),
                parameters.get("exit_dns_timeout", 1, 120_000, ResolverSettings.TIMEOUT_MILLIS_DEFAULT),
                parameters.get("exit_dns_num_attempts", 0, 255, ResolverSettings.ATTEMPTS_DEFAULT),
                ipv6,
                now.randomCase());
    }
}
