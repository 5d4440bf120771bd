package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sallyport.lab.network.LabNetwork;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.synthetic.SyntheticRelays;
import sallyport.supervisor.launch.ExitCode;

/// `sallyport network [--synthetic N] [--duration TIME]`.
///
/// Progress goes to stderr; what a relay needs to join goes to stdout.
@Command(
        name = "network",
        description = {
            "Runs a private Tor network on this machine, for relays of yours to join: three authorities, three"
                    + " relays and a client, of C tor or of our own. Nothing leaves the machine, nothing stays behind.",
            "With --synthetic its consensus lists that many relays more, validly signed, at addresses where nobody"
                    + " listens: a directory as long as the public one. Its client then finds few usable paths."
        },
        mixinStandardHelpOptions = true)
final class NetworkCommand implements Callable<Integer> {
    // Ours: votes of thousands of relays take the authorities many seconds each.
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--synthetic",
            paramLabel = "N",
            description = "How many relays are listed that do not run; the public network has about 8000.")
    private int synthetic;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationOption.class,
            defaultValue = "12h",
            description = "How long it stays up, for example 90s, 10m or 2h; without it ${DEFAULT-VALUE}, or until"
                    + " Ctrl-C.")
    private Duration duration = Duration.ZERO;

    @Mixin
    private PeerOption peer = new PeerOption();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (synthetic < 0 || synthetic > SyntheticRelays.MAX) {
            throw new ParameterException(spec.commandLine(), "--synthetic takes 0 to " + SyntheticRelays.MAX);
        }
        if (synthetic > 0 && peer.isEmbedded()) {
            throw new ParameterException(spec.commandLine(), "--synthetic goes with --peer tor alone");
        }
        Duration lifetime = duration.plus(PATIENCE.multipliedBy(2));
        try (LabNetwork network = synthetic > 0 ? withSynthetic(lifetime, err) : start(lifetime, err)) {
            show(network);
            Thread.sleep(duration);
            return ExitCode.OK;
        } catch (IOException e) {
            err.println("the network failed: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    private LabNetwork start(Duration lifetime, PrintWriter err) throws IOException, InterruptedException {
        return peer.chosen().start(lifetime, err::println);
    }

    private LabNetwork withSynthetic(Duration lifetime, PrintWriter err) throws IOException, InterruptedException {
        PrivateNetwork network = SyntheticRelays.suit(
                        PrivateNetwork.plan().lifetime(lifetime).progress(err::println))
                .start();
        try {
            SyntheticRelays.publish(network, synthetic, err::println);
            SyntheticRelays.awaitListed(network, synthetic, PATIENCE);
            err.println("the consensus lists " + network.consensus().size() + " relays");
            return network;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private void show(LabNetwork network) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("# for the configuration of Sallyport");
        out.println("network { kind = testing, authorities = [");
        network.authorityLines().forEach(line -> out.println("  \"" + line + "\""));
        out.println("] }");
        out.println("# for a torrc, with TestingTorNetwork 1");
        network.authorityLines().forEach(line -> out.println("DirAuthority " + line));
        out.println(
                "# SOCKS port of the client: " + network.socks().getAddress().getHostAddress() + ":"
                        + network.socks().getPort());
        out.flush();
    }
}
