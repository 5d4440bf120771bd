package sallyport.lab.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.PADDING;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.RelayCommand;

/// Floods of one address where the consensus limits them (dos-spec), or a quota: ours and C tor's exit refuse
/// the same one of them, and in the same way.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FloodInteropIT {
    private static final int STREAMS = 5;
    private static final int CIRCUITS = 8;
    private static final int CONNECTIONS = 6;
    // The soft limit is at 95 %, and both look once a second: between two looks less comes than is left then.
    private static final int QUOTA_MIB = 32;
    private static final int FLOOD_MIB = 26;
    private static final int PADDING_CELLS_AT_ONCE = 1024;
    private static final Duration LOOK = Duration.ofMillis(1500);

    private static HostileNetwork network;

    @BeforeAll
    static void bringUp() throws Exception {
        network = HostileNetwork.start(
                System.err::println,
                "ConsensusParams DoSStreamCreationEnabled=1 DoSStreamCreationRate=1 DoSStreamCreationBurst=" + STREAMS
                        + " DoSCircuitCreationEnabled=1 DoSCircuitCreationMinConnections=2 DoSCircuitCreationRate=1"
                        + " DoSCircuitCreationBurst=" + CIRCUITS
                        + " DoSConnectionEnabled=1 DoSConnectionMaxConcurrentCount=" + CONNECTIONS);
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (network != null) {
            System.err.println(String.join("\n", network.lines()));
            network.close();
        }
    }

    /// On a relay's link, whose circuits are not limited.
    @ParameterizedTest
    @EnumSource
    void lookupsBeyondTheBurstGetAPassingErrorAndStreamsMisc(Subject.Kind kind) throws Exception {
        try (Bench bench = new Bench(network.subject(kind), network.surroundings())) {
            ClientCircuit circuit = bench.exitCircuit();
            List<String> answers = new ArrayList<>();
            // A second may pass meanwhile, and with it one more may come through.
            for (int i = 1; i <= STREAMS + 3; i++) {
                answers.add(circuit.send(RelayCommand.RESOLVE, i, StreamRows.ascii("one.example\0"))
                        .answer());
            }
            assertThat(answers.subList(0, STREAMS)).allMatch(answer -> answer.contains("c0000201"));
            assertThat(answers.getLast()).contains(" f0").doesNotContain("c0000201");
            String refused = circuit.send(RelayCommand.BEGIN, 100, StreamRows.ascii("192.0.2.1:8123\0"))
                    .answer();
            assertThat(refused).isIn("END(100) 01", "END(100) 04c000020100000708");
        }
    }

    /// Two connections make an address suspicious.
    @ParameterizedTest
    @EnumSource
    void circuitsBeyondTheBurstAreDestroyedWithResourcelimitAndConnectionsBeyondTheMostAreClosed(Subject.Kind kind)
            throws Exception {
        RelayFacts relay = network.subject(kind).facts();
        // Not the one from which C tor's relays dial: whoever connects from there is counted as well.
        InetAddress flooder = network.freshAddress();
        List<ClientLink> links = new ArrayList<>();
        try {
            links.add(ClientLink.asClient(relay, flooder));
            links.add(ClientLink.asClient(relay, flooder));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < CIRCUITS + 4; i++) {
                answers.add(create(links.getFirst()));
            }
            assertThat(answers.subList(0, CIRCUITS - 1)).containsOnly("created");
            assertThat(answers.getLast()).isEqualTo("DESTROY 5");
            assertThat(create(links.getLast())).isEqualTo("DESTROY 5");
            // Whoever comes is compared with the most before it is counted itself, so one more comes through.
            assertThat(connections(relay, flooder, links)).isEqualTo(CONNECTIONS + 1);
        } finally {
            for (ClientLink link : links) {
                link.close();
            }
        }
    }

    /// Until the soft limit of a quota both take whatever comes. Beyond it they accept nothing new, and what is
    /// open goes on. RESOLVE opens no connection, and an EXTEND2 is of a circuit that is there.
    @ParameterizedTest
    @EnumSource
    @Order(Integer.MAX_VALUE)
    void aFloodThatNearlyUsesUpTheQuotaHasNothingNewAccepted(Subject.Kind kind) throws Exception {
        RelayFacts relay = network.subject(kind).facts();
        try (Bench bench = new Bench(network.subject(kind), network.surroundings())) {
            ExitStream stream = ExitStream.open(bench);
            ClientCircuit circuit = stream.circuit();
            ClientCircuit extended = bench.another(circuit.link());
            ClientCircuit asked = bench.another(circuit.link());
            network.giveQuota(kind, QUOTA_MIB);
            floodUntilNothingIsAccepted(relay);

            assertThat(create(circuit.link())).isEqualTo("DESTROY 4");
            byte[] other = StreamRows.ascii("192.0.2.1:80\0");
            assertThat(asked.send(RelayCommand.BEGIN, 1, other).answer()).isEqualTo("END(1) 09");
            assertThat(asked.send(RelayCommand.BEGIN_DIR, 2, new byte[0]).answer())
                    .isEqualTo("END(2) 09");
            assertThat(asked.send(RelayCommand.RESOLVE, 3, StreamRows.ascii("one.example\0"))
                            .answer())
                    .contains("c0000201");
            RelayFacts entry = network.surroundings().entry();
            assertThat(extended.extend(entry, new Ntor(entry)).quiet()).isEqualTo("nothing");
            stream.serverWrites(StreamRows.ascii("goes on"));
            assertThat(circuit.awaitMessage(RelayCommand.DATA).data()).isEqualTo(StreamRows.ascii("goes on"));
        }
    }

    /// Sends cells of padding over a link of its own until the relay does not listen any more.
    private static void floodUntilNothingIsAccepted(RelayFacts relay) throws Exception {
        try (ClientLink link = ClientLink.asClient(relay, network.freshAddress())) {
            Writer cells = new Writer();
            for (int i = 0; i < PADDING_CELLS_AT_ONCE; i++) {
                cells.bytes(link.wire().encoded(0, PADDING, new byte[0]));
            }
            byte[] padding = cells.toBytes();
            for (long sent = 0; sent < FLOOD_MIB << 20; sent += padding.length) {
                link.wire().sendRaw(padding);
            }
            InetAddress looker = network.freshAddress();
            for (int steps = 0; listens(relay, looker); steps++) {
                assertThat(steps * padding.length)
                        .as("sent beyond the flood")
                        .isLessThan((QUOTA_MIB - FLOOD_MIB) << 20);
                link.wire().sendRaw(padding);
                Thread.sleep(LOOK);
            }
        }
    }

    private static boolean listens(RelayFacts relay, InetAddress from) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(relay.address());
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    private static String create(ClientLink link) throws IOException {
        ClientCircuit circuit = ClientCircuit.none(link);
        link.wire().send(circuit.id(), CREATE_FAST, new CreateFast().request());
        WireCell cell = link.next(circuit.id());
        if (cell == null) {
            throw new EOFException("the link ended");
        }
        return cell.command() == DESTROY ? ClientLink.text(cell) : "created";
    }

    /// Opens links until one is refused; how many there are then.
    private static int connections(RelayFacts relay, InetAddress flooder, List<ClientLink> links) throws IOException {
        while (links.size() < 3 * CONNECTIONS) {
            try {
                links.add(ClientLink.asClient(relay, flooder));
            } catch (IOException refused) {
                return links.size();
            }
        }
        return links.size();
    }
}
