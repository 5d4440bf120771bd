package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.world.World;

/// What an instance gives back that has more circuits than its share, when another one of the process lacks some.
class GivenBackCircuitsTest {
    private static final int CIRCUITS = 12;
    private static final int RESOURCELIMIT = DestroyReason.RESOURCELIMIT.code();
    private static final RelayAddress PUBLIC = new RelayAddress(new byte[] {5, 6, 7, 8}, 9001);

    private @Nullable InstanceLimits other;
    private final CircuitRig rig = new CircuitRig(1, false, this::host);
    private final FakeLinks.Peer guard = rig.clientAt(1);
    private final FakeLinks.Peer person = rig.clientAt(2);
    private final List<Integer> gone = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();

    private HostLimits host(World world) {
        HostLimits limits = TestLimits.of(world, Long.MAX_VALUE, 100, CIRCUITS);
        other = limits.open("other", world.loops().all().getFirst(), new FaultCounters());
        return limits;
    }

    private TestClient circuit(FakeLinks.Peer peer) throws Malformed {
        TestClient client = new TestClient(rig, peer, clients.size() + 1).create();
        clients.add(client);
        rig.world.advance(1);
        return client;
    }

    /// Nine are lent, and its fair share is six.
    private void takeNine() throws Malformed {
        while (clients.size() < 9) {
            circuit(guard);
        }
    }

    private void refuseTheOther() {
        assertThat(other).isNotNull();
        for (int i = 0; i < 3; i++) {
            assertThat(other.circuits().tryAcquire()).isTrue();
        }
        assertThat(other.circuits().tryAcquire()).isFalse();
    }

    /// The circuits that have ended so far.
    private List<Integer> gone() {
        rig.settle();
        rig.links.lookAround();
        rig.settle();
        hear();
        assertThat(rig.faults.snapshot().getOrDefault(CircuitRelief.GIVEN_BACK, 0L))
                .isEqualTo(gone.size());
        return gone.stream().sorted().toList();
    }

    private void hear() {
        for (FakeLinks.Peer peer : List.of(guard, person)) {
            for (byte[] cell : peer.take()) {
                if (cell[4] == CellCommand.DESTROY) {
                    assertThat(cell[5]).isEqualTo((byte) RESOURCELIMIT);
                    gone.add((int) cell[3]);
                }
            }
        }
    }

    @Test
    void nothingAsLongAsNobodyIsRefused() throws Malformed {
        takeNine();
        rig.world.advance(60);
        assertThat(gone()).isEmpty();
        rig.end(guard, person);
    }

    @Test
    void whatIsUnusedForLongestAsFarAsItIsOwed() throws Malformed {
        takeNine();
        rig.world.advance(60);
        // Somebody says something to the oldest, which answers.
        clients.getFirst().send(RelayCommand.TRUNCATE, 0, new byte[] {0});
        refuseTheOther();
        assertThat(gone()).containsExactly(2, 3, 4);
        assertThat(gone()).as("it has its share").containsExactly(2, 3, 4);
        assertThat(other).isNotNull();
        assertThat(other.circuits().tryAcquire()).isTrue();
        rig.end(guard, person);
    }

    /// One that was made a moment ago is going to be used.
    @Test
    void noneThatIsNew() throws Malformed {
        takeNine();
        refuseTheOther();
        assertThat(gone()).isEmpty();
        rig.world.advance(5);
        assertThat(gone()).containsExactly(1, 2, 3);
        rig.end(guard, person);
    }

    /// Of two that hold circuits which they do not use, whoever holds more.
    @Test
    void thoseOfTheSourceThatHasMost() throws Malformed {
        circuit(person);
        circuit(person);
        takeNine();
        rig.world.advance(60);
        refuseTheOther();
        assertThat(gone()).containsExactly(3, 4, 5);
        rig.end(guard, person);
    }

    /// Those that pass through may have streams that we do not see.
    @Test
    void thoseThatEndHereBeforeThoseThatPassThrough() throws Malformed {
        FakeLinks.Peer next = rig.relay(true, 2);
        for (int i = 1; i <= 8; i++) {
            TestClient client = circuit(guard);
            client.sendEarly(
                    RelayCommand.EXTEND2,
                    0,
                    new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, 2), null, new Create2Body(2, new byte[84]))
                            .encode());
            rig.dials.getLast().opened(next.link());
            rig.settle();
            byte[] asked = next.take().getFirst();
            if (i <= 7) {
                byte[] created = new byte[66];
                created[1] = 64;
                next.deliver(java.nio.ByteBuffer.wrap(asked).getInt(), CellCommand.CREATED2, created);
                rig.settle();
            }
            hear();
        }
        takeNine();
        rig.world.advance(60);
        refuseTheOther();
        assertThat(gone()).containsExactly(1, 2, 9);
        rig.end(guard, person, next);
    }

    /// Whoever uses a circuit loses it to nobody: not for a document either.
    @Test
    void noneWithAStream() throws Malformed {
        rig.directory = (_, _) -> new SilentServer();
        takeNine();
        for (TestClient client : clients.subList(0, 8)) {
            client.send(RelayCommand.BEGIN_DIR, 1, new byte[0]);
        }
        rig.settle();
        rig.world.advance(60);
        refuseTheOther();
        assertThat(gone()).containsExactly(9);
        rig.end(guard, person);
    }
}
