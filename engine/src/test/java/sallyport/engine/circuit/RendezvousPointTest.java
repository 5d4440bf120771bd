package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.Tally;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.onionskin.NtorV3Client;

/// Rendezvous points, message by message, and what a circuit of an onion service does not do.
class RendezvousPointTest extends OnionServiceRig {
    @Test
    void joinsAClientWithTheServiceThatNamesItsCookie() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        TestStatistics.beginOnionServices(rig.statistics);
        pair.exchange(40, 1);
        assertThat(rig.circuits.onionDuties().counts().everJoined()).isEqualTo(1);
        assertThat(TestStatistics.relayed(rig.statistics)).isEqualTo(40);
    }

    /// Both circuits are open when they are asked: one in the first half of the tenths, one in the second.
    @Test
    void circuitsTellHowLongTheirCellsWaited() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.exchange(40, 1);
        rig.world.advance(10);
        assertThat(TestStatistics.lines(
                        rig.statistics.cells(), rig.world.ticker().nanoTime()))
                .contains("cell-circuits-per-decile 1")
                .anyMatch(line -> line.matches("cell-processed-cells [1-9][0-9]*,0,0,0,0,[1-9][0-9]*,0,0,0,0"));
    }

    @Test
    void joinsCircuitsOfEitherEncryption() throws Malformed {
        TestClient client = new TestClient(rig, clientSide, nextId++);
        client.createV3(NtorV3Client.counterGalois());
        client.send(RelayCommand.ESTABLISH_RENDEZVOUS, 0, COOKIE);
        assertThat(client.read()).hasSize(1);
        Joined pair = join(client, client(serviceSide));
        pair.exchange(40, 2);
    }

    @Test
    void whatCameAsRelayEarlyLeavesAsRelay() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.client().send(1, CellCommand.RELAY_EARLY, RelayCommand.DATA, 3, new byte[] {9}, 1);
        // It reads RELAY only.
        assertThat(pair.service().read()).hasSize(1);
    }

    @Test
    void aJoinedCircuitMayStillSpeakToUs() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.client().send(RelayCommand.TRUNCATE, 0, new byte[1]);
        assertThat(pair.client().read())
                .singleElement()
                .satisfies(message -> assertThat(message.command()).isEqualTo(RelayCommand.TRUNCATED));
        pair.exchange(3, 3);
    }

    @Test
    void whenOneEndsTheOtherEndsToo() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.client().deliver(CellCommand.DESTROY, new byte[] {(byte) FINISHED});
        assertThat(pair.service().destroyed()).isEqualTo(DestroyReason.DESTROYED.code());
        pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.service().deliver(CellCommand.DESTROY, new byte[1]);
        assertThat(pair.client().destroyed()).isEqualTo(DestroyReason.DESTROYED.code());
        pair = join(rendezvousPoint(clientSide), client(serviceSide));
        serviceSide.close();
        assertThat(pair.client().destroyed()).isEqualTo(DestroyReason.CHANNEL_CLOSED.code());
        assertThat(rig.circuits.open()).isZero();
    }

    /// The link that closes tells one of them, which ends the other: that one's place on the link is gone
    /// as well.
    @Test
    void bothMayHaveComeOverTheLinkThatCloses() throws Malformed {
        join(rendezvousPoint(clientSide), client(clientSide));
        clientSide.close();
        rig.settle();
        assertThat(rig.circuits.open()).isZero();
    }

    /// Who does not read what its partner sends loses the pair at the limit of the queue, and nothing else.
    @Test
    void aReaderThatStopsCostsThePairAtTheLimitOfItsQueue() throws Malformed {
        rig.parameters.put("circ_max_cell_queue_size", 1000);
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        TestClient bystander = rendezvousPoint(elsewhere);
        clientSide.readable(false);
        for (int i = 0; i < 1000 + 2000; i++) {
            pair.service().send(1, CellCommand.RELAY, RelayCommand.DATA, 3, new byte[1], 1);
        }
        assertThat(pair.service().destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
        assertThat(bystander.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        clientSide.readable(true);
    }

    @Test
    void refusesCookiesThatAreOfAnotherLengthOrInUse() throws Malformed {
        assertEnds(client(clientSide), RelayCommand.ESTABLISH_RENDEZVOUS, new byte[0]);
        assertEnds(client(clientSide), RelayCommand.ESTABLISH_RENDEZVOUS, new byte[19]);
        assertEnds(client(clientSide), RelayCommand.ESTABLISH_RENDEZVOUS, new byte[21]);
        TestClient first = rendezvousPoint(clientSide);
        assertEnds(client(clientSide), RelayCommand.ESTABLISH_RENDEZVOUS, COOKIE);
        assertThat(first.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        first.deliver(CellCommand.DESTROY, new byte[1]);
        rendezvousPoint(clientSide);
        assertThat(rig.tallied(Tally.ESTABLISH_RENDEZVOUS_MALFORMED)).isEqualTo(3);
        assertThat(rig.tallied(Tally.ESTABLISH_RENDEZVOUS_DUPLICATE)).isEqualTo(1);
        assertThat(rig.tallied(Tally.ESTABLISH_RENDEZVOUS_SUCCESS)).isEqualTo(2);
    }

    @Test
    void refusesToJoinWithoutACookieThatSomebodyWaitsUnder() throws Malformed {
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, new byte[0]);
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, Arrays.copyOf(COOKIE, 19));
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, new byte[84]);
        TestClient alone = rendezvousPoint(clientSide);
        assertEnds(alone, RelayCommand.RENDEZVOUS1, rendezvous1());
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, rendezvous1());
        assertThat(rig.tallied(Tally.RENDEZVOUS1_MALFORMED)).isEqualTo(2);
        assertThat(rig.tallied(Tally.RENDEZVOUS1_UNSUITABLE)).isEqualTo(1);
        assertThat(rig.tallied(Tally.RENDEZVOUS1_UNKNOWN_COOKIE)).isEqualTo(2);
    }

    /// C tor remembers a used cookie until its circuits end, and ends them when somebody names it again.
    @Test
    void aCookieIsGoodForOneJoinAndItsReuseHarmsNobody() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        assertEnds(client(elsewhere), RelayCommand.RENDEZVOUS1, rendezvous1());
        TestClient again = rendezvousPoint(elsewhere);
        pair.exchange(3, 4);
        assertThat(again.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void aCircuitHasOneDuty() throws Malformed {
        assertEnds(rendezvousPoint(clientSide), RelayCommand.ESTABLISH_RENDEZVOUS, CircuitRig.bytes(20, 1));
        assertEnds(establish(SECRET), RelayCommand.ESTABLISH_RENDEZVOUS, COOKIE);
        assertEnds(extended(), RelayCommand.ESTABLISH_RENDEZVOUS, COOKIE);
        rendezvousPoint(clientSide);
        assertEnds(extended(), RelayCommand.RENDEZVOUS1, rendezvous1());
        assertEnds(establish(SECRET), RelayCommand.RENDEZVOUS1, rendezvous1());
    }

    @Test
    void singleHopClientsAreRefusedWhereTheConsensusWantsIt() throws Malformed {
        rendezvousPoint(person);
        rig.parameters.put("DoSRefuseSingleHopClientRendezvous", 1);
        TestClient client = client(person);
        client.send(RelayCommand.ESTABLISH_RENDEZVOUS, 0, CircuitRig.bytes(20, 9));
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        rendezvousPoint(clientSide, CircuitRig.bytes(20, 9));
    }

    @Test
    void answersOfOthersFromAClientAreDropped() throws Malformed {
        TestClient client = client(clientSide);
        for (int command : new int[] {
            RelayCommand.INTRODUCE2,
            RelayCommand.RENDEZVOUS2,
            RelayCommand.INTRO_ESTABLISHED,
            RelayCommand.RENDEZVOUS_ESTABLISHED,
            RelayCommand.INTRODUCE_ACK
        }) {
            client.send(command, 0, new byte[30]);
        }
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        client.send(RelayCommand.ESTABLISH_RENDEZVOUS, 0, COOKIE);
        assertThat(client.read()).hasSize(1);
    }

    /// TROVE-2017-004 and TROVE-2017-005: BEGIN_DIR on the circuit of a rendezvous ended the process.
    @Test
    void noDirectoryAndNoNamesOnTheCircuitOfARendezvous() throws Malformed {
        rig.directory = (_, _) -> {
            throw new AssertionError("asked for the directory");
        };
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        for (TestClient client :
                List.of(pair.client(), pair.service(), rendezvousPoint(elsewhere), establish(SECRET))) {
            client.send(RelayCommand.BEGIN_DIR, 5, new byte[0]);
            client.send(RelayCommand.RESOLVE, 6, "a.example\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.read()).singleElement().satisfies(message -> {
                assertThat(message.command()).isEqualTo(RelayCommand.END);
                assertThat(message.body()).containsExactly(EndReason.NOTDIRECTORY.code());
            });
        }
        pair.exchange(3, 5);
    }
}
