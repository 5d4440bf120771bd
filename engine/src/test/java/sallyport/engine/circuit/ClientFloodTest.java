package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.link.FakeLinks;

/// What the consensus lets one client address do, at the relay's circuits.
class ClientFloodTest {
    private static final int COMMAND_AT = 4;

    private final CircuitRig rig = new CircuitRig(1, false);
    private final FakeLinks.Peer relay = rig.relay(false, 1);
    private FakeLinks.Peer client;

    @BeforeEach
    void watch() {
        rig.parameters.putAll(Map.of(
                "DoSCircuitCreationEnabled", 1,
                "DoSCircuitCreationMinConnections", 1,
                "DoSCircuitCreationRate", 1,
                "DoSCircuitCreationBurst", 4));
        client = rig.client();
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(relay, client);
    }

    private List<Integer> create(FakeLinks.Peer from, int circuits) {
        for (int id = 1; id <= circuits; id++) {
            from.deliver(0x8000_0000 | id, CellCommand.CREATE_FAST, new byte[20]);
        }
        rig.settle();
        return from.take().stream()
                .map(cell ->
                        (int) cell[COMMAND_AT] == CellCommand.DESTROY ? -cell[COMMAND_AT + 1] : (int) cell[COMMAND_AT])
                .toList();
    }

    @Test
    void aClientThatMakesTooManyIsRefusedWithResourcelimit() {
        int refused = -DestroyReason.RESOURCELIMIT.code();
        int created = CellCommand.CREATED_FAST;
        assertThat(create(client, 6)).containsExactlyInAnyOrder(created, created, created, refused, refused, refused);
        assertThat(rig.circuits.open()).isEqualTo(3);
    }

    @Test
    void aRelayMakesAsManyAsItLikes() {
        assertThat(create(relay, 50)).hasSize(50).containsOnly(CellCommand.CREATED_FAST);
    }
}
