package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestServer;

/// What an operator does to a running process: changes its file, and ends it.
class ReloadInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(3);
    // "Within seconds": what the service manager and the operator wait for.
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final int OR_PORT = 9_001;

    /// SIGHUP with a policy that refuses the server: new streams are refused, the open one goes on. Then SIGTERM: the
    /// client learns of it, and the exit code is 0.
    @Test
    void aReloadCutsNoStreamAndAStopIsClean() throws Exception {
        try (PrivateNetwork network =
                        PrivateNetwork.plan().progress(System.err::println).start();
                TestServer server = TestServer.start(network.freshAddress())) {
            String address = network.freshAddress();
            SallyportConfig.Relay relay = SallyportConfig.Relay.exit("sally1", address, OR_PORT, address);
            try (SallyportProcess sallyport =
                    SallyportProcess.start(network.leash(), "sallyport", config(network, relay))) {
                Identity exit = sallyport.identities().getFirst();
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                List<String> path = List.of(
                        network.relays().get(0).fingerprint(),
                        network.relays().get(1).fingerprint(),
                        exit.fingerprint());
                try (CircuitDriver driver = network.client().drive()) {
                    driver.awaitKnown(path, PATIENCE);
                    try (DrivenCircuit circuit = driver.build(path, PATIENCE);
                            Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
                        send(open, "GET /source HTTP/1.0\r\n");
                        Files.writeString(
                                sallyport.configFile(),
                                config(network, relay.withPolicy("reject *:" + server.port(), "accept *:*"))
                                        .text());
                        sallyport.reload();
                        sallyport.awaitLine(line -> line.contains("exit-policy took effect"), PATIENCE);

                        assertThatThrownBy(() -> circuit.fetch().get(server.address(), "/source"))
                                .isInstanceOf(SocksRefusal.class);
                        assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason())
                                .isEqualTo("EXITPOLICY");

                        send(open, "\r\n");
                        assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                                .endsWith(address + "\n");
                    }
                }

                Files.writeString(sallyport.configFile(), config(network, relay).text());
                sallyport.reload();
                AtomicInteger effects = new AtomicInteger();
                sallyport.awaitLine(
                        line -> line.contains("exit-policy took effect") && effects.incrementAndGet() == 2, PATIENCE);
                try (CircuitDriver driver = network.client().drive();
                        DrivenCircuit circuit = driver.build(path, PATIENCE);
                        Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
                    send(open, "GET /source HTTP/1.0\r\n");
                    assertThat(sallyport.terminate(STOP)).isZero();
                    open.setSoTimeout((int) PATIENCE.toMillis());
                    assertThat(endOf(open)).isEqualTo(-1);
                    assertThat(circuit.awaitClosed(PATIENCE)).isNotBlank();
                }
            }
        }
    }

    private static int endOf(Socket socket) throws Exception {
        try (InputStream in = socket.getInputStream()) {
            return in.read();
        }
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static SallyportConfig config(PrivateNetwork network, SallyportConfig.Relay relay) {
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                List.of(relay),
                List.of());
    }
}
