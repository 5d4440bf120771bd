package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.load.Profile;
import sallyport.lab.load.SocksOpener;
import sallyport.supervisor.launch.ExitCode;

/// `sallyport load --socks ADDRESS:PORT`: users through a client of a private network.
@Command(
        name = "load",
        description = {
            "Sends users through the SOCKS port of a client in a private network on this machine, such as the one that"
                    + " `sallyport network` or `sallyport demo` prints, and says how long they waited.",
            "They come at random moments, however slow those before them are served, and their time counts from the"
                    + " moment they were to begin. Ends with 0 only if every one of them was served.",
            "Profiles: bulk (8 MiB down), upload (2 MiB up), web (30 kB, then 24 objects of 20 kB over 6 streams), chat"
                    + " (20 lines, one a second), resolve (a name).",
            "Example: sallyport load --socks 127.20.1.16:9050 --mix web=2,chat=5 --for 60s --users 50"
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final int VISITS_MAX = 5_000;
    private static final int USERS_MAX = 100_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--socks", required = true, paramLabel = "ADDRESS:PORT", description = "The client's SOCKS port.")
    private String socks = "";

    @Option(
            names = "--mix",
            paramLabel = "PROFILE=RATE,...",
            converter = MixOption.class,
            defaultValue = "web=1,chat=2",
            description = "Who comes, and how many of them a second; ${DEFAULT-VALUE} by default.")
    private Mix mix = Mix.NONE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationOption.class,
            defaultValue = "30s",
            description = "How long they come; ${DEFAULT-VALUE} by default.")
    private Duration duration = Duration.ZERO;

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
        InetSocketAddress proxy = proxy();
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
            LoadReport report = LoadRun.run(plan, loop -> new SocksOpener(loop, proxy), pids);
            report.lines().forEach(out::println);
            return report.isClean() ? ExitCode.OK : ExitCode.ERROR;
        } catch (IOException e) {
            err.println("no load: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    private InetSocketAddress proxy() {
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
