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
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

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

    /// The SOCKS port of a client of three hops that leaves through this exit.
    InetSocketAddress socks(String exit) throws IOException {
        String[] words = ask("socks " + exit).split(" ");
        return new InetSocketAddress(InetAddress.ofLiteral(words[0]), Integer.parseInt(words[1]));
    }

    /// Has streams opened without a SOCKS port, and returns when all of them are done.
    ///
    /// @param what `down` or `up`, over circuits that are used again, or `visits`
    void move(String what, String exit, int hops, InetSocketAddress server, int streams, int atOnce, long bytesEach)
            throws IOException {
        ask(String.join(
                " ",
                what,
                exit,
                "" + hops,
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
