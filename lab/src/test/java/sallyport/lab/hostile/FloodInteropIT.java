package sallyport.lab.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.cell.RelayCommand;

/// Floods of one address where the consensus limits them (dos-spec): ours and C tor's exit refuse the
/// same one of them, and in the same way.
class FloodInteropIT {
    private static final int STREAMS = 5;
    private static final int CIRCUITS = 8;
    private static final int CONNECTIONS = 6;

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
