package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sallyport.lab.load.ClientOpener;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.load.Profile;
import sallyport.lab.load.SocksOpener;
import sallyport.lab.path.PathRules;
import sallyport.supervisor.launch.ExitCode;

/// `sallyport load`: users through a client of a private network, somebody's SOCKS port (`--socks`) or one of its
/// own (`--config`, `--data-directory`).
@Command(
        name = "load",
        description = {
            "Sends users through a private network on this machine, such as the one that `sallyport network` or"
                    + " `sallyport demo` makes, and says how long they waited and what sending them cost.",
            "With --socks through a client's SOCKS port; with --config or --data-directory to the relays of a running"
                    + " process, by a client within the load, which costs less. Their processor time then stands"
                    + " beside the load's.",
            "They come at random moments, however slow those before them are served, and their time counts from the"
                    + " moment they were to begin. Ends with 0 only if every one of them was served.",
            "Profiles: bulk (8 MiB down), upload (2 MiB up), web (30 kB, then 24 objects of 20 kB over 6 streams), chat"
                    + " (20 lines, one a second), resolve (a name).",
            "Example: sallyport load --socks 127.20.1.16:9050 --mix web=2,chat=5 --for 60s --users 50",
            "Example: sallyport load --config sallyport.conf --hops 2 --mix bulk=5 --for 60s"
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final int VISITS_MAX = 5_000;
    private static final int USERS_MAX = 100_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ArgGroup(multiplicity = "1")
    private Way way = new Way();

    private static final class Way {
        @Option(names = "--socks", paramLabel = "ADDRESS:PORT", description = "The client's SOCKS port.")
        private @Nullable String socks;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The configuration by which the relays under test run.")
        private @Nullable Path config;

        @Option(
                names = "--data-directory",
                paramLabel = "DIRECTORY",
                description = "The data directory of the relays under test.")
        private @Nullable Path directory;
    }

    @Option(
            names = "--hops",
            paramLabel = "N",
            defaultValue = "3",
            description = "Relays of a path, not with --socks: 3 as Tor has it, or 2 for tests of capacity, which cost"
                    + " the load less and hide nothing; ${DEFAULT-VALUE} by default.")
    private int hops;

    @Option(
            names = "--within",
            description = "Paths lead through the relays under test alone, not with --socks: they then pass cells on as"
                    + " well, and the load costs less beside what they do.")
    private boolean within;

    @Mixin
    private UsersOptions load = new UsersOptions("web=1,chat=2", "30s");

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            converter = DurationOption.class,
            defaultValue = "5s",
            description = "How long they come before that without being counted; ${DEFAULT-VALUE} by default.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationOption.class,
            defaultValue = "120s",
            description = "After how long a user has failed; ${DEFAULT-VALUE} by default.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "20",
            description = "Over how many SOCKS user names, each with circuits of its own, they are spread;"
                    + " ${DEFAULT-VALUE} by default.")
    private int users;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed sends the same users at the same moments; ${DEFAULT-VALUE} by default.")
    private long seed;

    @Option(names = "--name", paramLabel = "NAME", description = "What those of the profile resolve ask for.")
    private @Nullable String name;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The loopback address of the far end, which runs in this process; ${DEFAULT-VALUE} by"
                    + " default.")
    private String listen = "";

    @Option(
            names = "--pid",
            paramLabel = "PID",
            split = ",",
            description = "A process whose processor time is to stand beside the load's own; may be repeated.")
    private List<Long> pids = List.of();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (hops < PathRules.HOPS_MIN
                || hops > PathRules.HOPS
                || (way.socks != null && (within || hops != PathRules.HOPS))) {
            throw wrong("--hops takes 2 or 3; and with --socks it is the client that chooses paths");
        }
        String socks = way.socks;
        InetSocketAddress proxy = socks == null ? null : proxy(socks);
        Mix mix = load.mix(spec);
        Duration duration = load.duration(spec);
        if (name == null && mix.shares().stream().anyMatch(share -> share.profile() instanceof Profile.Resolve)) {
            throw wrong("--mix has resolve; say with --name what is to be resolved");
        }
        if (users < 1 || users > USERS_MAX) {
            throw wrong("--users takes 1 to " + USERS_MAX);
        }
        for (long pid : pids) {
            if (ProcessHandle.of(pid).isEmpty()) {
                throw wrong("--pid: no process has the number " + pid);
            }
        }
        try (LoadServer server = LoadServer.start(new InetSocketAddress(loopback("--listen", listen), 0))) {
            LoadPlan plan = new LoadPlan(
                    mix,
                    warmUp,
                    duration,
                    users,
                    seed,
                    VISITS_MAX,
                    timeout,
                    server.address(),
                    name == null ? "" : name);
            err.println("sending users for " + warmUp.plus(duration).toSeconds() + " s");
            LoadReport report = proxy == null
                    ? runByOwnClient(plan, out)
                    : LoadRun.run(plan, loop -> new SocksOpener(loop, proxy), pids);
            report.lines().forEach(out::println);
            return report.isClean() ? ExitCode.OK : ExitCode.ERROR;
        } catch (IOException e) {
            err.println("no load: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    private LoadReport runByOwnClient(LoadPlan plan, PrintWriter out) throws IOException, InterruptedException {
        Path directory = way.directory;
        RelaysUnderTest relays = directory == null
                ? RelaysUnderTest.byConfiguration(Objects.requireNonNull(way.config))
                : RelaysUnderTest.byDataDirectory(directory);
        if (within && relays.fingerprints().size() < hops) {
            throw new IOException("--within: " + relays.fingerprints().size() + " relays make no path of " + hops);
        }
        List<Long> watched = new ArrayList<>(List.of(relays.pid()));
        watched.addAll(pids);
        if (hops < PathRules.HOPS) {
            out.println("paths of " + hops + " hops: a test of capacity; no client of Tor has such");
        }
        try (OwnClient own = OwnClient.join(relays, hops, within)) {
            return LoadRun.runOn(own.client().loop(), plan, new ClientOpener(List.of(own.client())), watched);
        }
    }

    private InetSocketAddress proxy(String socks) {
        int colon = socks.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    loopback("--socks", socks.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "")),
                    Integer.parseInt(socks.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw wrong("--socks takes ADDRESS:PORT, not '" + socks + "'");
        }
    }

    private InetAddress loopback(String option, String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw wrong(option + " takes an IP address, not '" + text + "'");
        }
        throw wrong(option + " takes an address of loopback: loads are for private networks on this machine");
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
