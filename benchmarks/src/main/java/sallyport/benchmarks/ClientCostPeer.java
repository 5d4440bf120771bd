package sallyport.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.JvmOptions;
import sallyport.lab.process.Programs;

/// The process of our clients, seen from the benchmark: one line asked, one answered. See
/// [ClientCostProcess].
final class ClientCostPeer implements AutoCloseable {
    private static final double NANOS = 1e9;

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    /// Which way circuits go.
    ///
    /// @param exits fingerprints
    /// @param others fingerprints of who else may be in a path
    record Paths(List<String> exits, int hops, List<String> others) {
        @Override
        public String toString() {
            List<String> within = new ArrayList<>(exits);
            within.addAll(others);
            return String.join(",", exits) + " " + hops + " " + String.join(",", within);
        }
    }

    private ClientCostPeer(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /// Starts it with the options of the launcher, and those of the property `client.jvm` after them.
    static ClientCostPeer start(PrivateNetwork network) throws IOException {
        Path directory = network.leash().directory().resolve("clients");
        List<String> command = new ArrayList<>();
        command.add(Programs.java().toString());
        command.addAll(JvmOptions.read());
        command.addAll(List.of(System.getProperty("client.jvm", "").strip().split("\\s+")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ClientCostProcess.class.getName()));
        command.add(directory.toString());
        command.addAll(network.authorityLines());
        return new ClientCostPeer(
                network.leash().start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)));
    }

    long pid() {
        return process.pid();
    }

    /// Processor time that the clients' loop took so far; the rest of the process is the JVM's own, most of it
    /// while it compiles.
    double loopSeconds() throws IOException {
        return Long.parseLong(ask("loop")) / NANOS;
    }

    /// The SOCKS port of a client.
    InetSocketAddress socks(Paths paths) throws IOException {
        String[] words = ask("socks " + paths).split(" ");
        return new InetSocketAddress(InetAddress.ofLiteral(words[0]), Integer.parseInt(words[1]));
    }

    /// Has streams opened without a SOCKS port, and returns when all of them are done.
    ///
    /// @param what `down` or `up`, over circuits that are used again, or `visits`
    void move(String what, Paths paths, InetSocketAddress server, int streams, int atOnce, long bytesEach)
            throws IOException {
        ask(String.join(
                " ",
                what,
                paths.toString(),
                server.getAddress().getHostAddress(),
                "" + server.getPort(),
                "" + streams,
                "" + atOnce,
                "" + bytesEach));
    }

    private String ask(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith("ok ")) {
            throw new IOException("our clients: " + answer);
        }
        return answer.substring("ok ".length());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
