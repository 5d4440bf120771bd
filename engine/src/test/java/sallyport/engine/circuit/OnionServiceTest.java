package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionservice.OnionMessages;
import sallyport.engine.onionskin.NtorV3Client;

/// Introduction and rendezvous points, message by message.
class OnionServiceTest {
    private static final int TORPROTOCOL = DestroyReason.TORPROTOCOL.code();
    private static final int FINISHED = DestroyReason.FINISHED.code();
    private static final byte[] SECRET = OnionMessages.secret(1);
    private static final byte[] KEY = Ed25519.publicKey(SECRET);
    private static final byte[] COOKIE = CircuitRig.bytes(20, 0x33);
    private static final byte[] ACCEPTED = {0, 0, 0};
    private static final byte[] UNKNOWN_ID = {0, 1, 0};
    private static final byte[] BAD_FORMAT = {0, 2, 0};

    private final CircuitRig rig = new CircuitRig(8, true);
    // One link each, so that nobody reads what is another's.
    private final FakeLinks.Peer serviceSide = rig.relay(false, 1);
    private final FakeLinks.Peer clientSide = rig.relay(false, 2);
    private final FakeLinks.Peer elsewhere = rig.relay(false, 3);
    private final FakeLinks.Peer next = rig.relay(true, 4);
    private final FakeLinks.Peer person = rig.client();
    private int nextId = 1;

    @AfterEach
    void nothingIsLeft() {
        rig.end(serviceSide, clientSide, elsewhere, next, person);
        assertThat(rig.circuits.onionDuties().counts().introductionPoints()).isZero();
        assertThat(rig.circuits.onionDuties().counts().rendezvousPoints()).isZero();
        assertThat(rig.circuits.onionDuties().counts().joined()).isZero();
    }

    // Introduction points

    @Test
    void passesAnIntroductionToTheServiceOfItsKey() throws Malformed {
        TestClient service = establish(SECRET);
        TestClient another = establish(OnionMessages.secret(2));
        byte[] body = OnionMessages.introduce1(KEY, new byte[] {4, 5, 6});

        assertThat(introduce(body)).isEqualTo(ACCEPTED);

        assertThat(service.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.INTRODUCE2);
            assertThat(message.streamId()).isZero();
            assertThat(message.body()).isEqualTo(body);
        });
        assertThat(another.read()).isEmpty();
        assertThat(rig.circuits.onionDuties().counts().introduced()).isEqualTo(1);
    }

    @Test
    void counterGaloisCarriesIntroductionsOfAnyReadableLength() throws Malformed {
        TestClient service = new TestClient(rig, serviceSide, nextId++);
        service.createV3(NtorV3Client.counterGalois());
        service.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(SECRET, service.nonce()));
        assertThat(service.read()).singleElement().satisfies(OnionServiceTest::isEstablished);
        byte[] longest = Arrays.copyOf(OnionMessages.introduce1(KEY, new byte[1]), 490);
        assertThat(introduce(longest)).isEqualTo(ACCEPTED);
        assertThat(service.read())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).isEqualTo(longest));
        // The service's circuit must not end for what a client sent.
        assertThat(introduce(Arrays.copyOf(longest, 491))).isEqualTo(BAD_FORMAT);
        assertThat(service.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void answersWhatItCannotPassOnAndKeepsTheCircuit() throws Malformed {
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(UNKNOWN_ID);
        assertThat(introduce(new byte[20])).isEqualTo(BAD_FORMAT);
        assertThat(introduce(CircuitRig.bytes(300, 1))).isEqualTo(BAD_FORMAT);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[0]))).isEqualTo(BAD_FORMAT);
    }

    @Test
    void theRateThatTheServiceAskedForStopsAFlood() throws Malformed {
        TestClient service = client(serviceSide);
        byte[] request = OnionMessages.establishIntro(SECRET, service.nonce(), OnionMessages.rate(1, 4));
        service.send(RelayCommand.ESTABLISH_INTRO, 0, request);
        assertThat(service.read()).singleElement().satisfies(OnionServiceTest::isEstablished);
        byte[] body = OnionMessages.introduce1(KEY, new byte[1]);
        for (int i = 0; i < 3; i++) {
            assertThat(introduce(body)).isEqualTo(ACCEPTED);
        }
        assertThat(introduce(body)).isEqualTo(UNKNOWN_ID);
        rig.world.advance(2);
        assertThat(introduce(body)).isEqualTo(ACCEPTED);
        assertThat(service.read()).hasSize(4);
        assertThat(rig.circuits.onionDuties().counts().introduced()).isEqualTo(4);
        assertThat(rig.circuits.onionDuties().counts().refused()).isEqualTo(1);
    }

    @Test
    void aSecondIntroductionOnOneCircuitEndsIt() throws Malformed {
        establish(SECRET);
        TestClient client = client(clientSide);
        client.send(RelayCommand.INTRODUCE1, 0, CircuitRig.bytes(40, 0));
        assertThat(client.read()).hasSize(1);
        client.send(RelayCommand.INTRODUCE1, 0, OnionMessages.introduce1(KEY, new byte[1]));
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
    }

    @Test
    void refusesIntroductionsFromCircuitsThatAreNotFit() throws Malformed {
        TestClient service = establish(SECRET);
        byte[] body = OnionMessages.introduce1(KEY, new byte[1]);
        assertEnds(client(person), RelayCommand.INTRODUCE1, body);
        assertEnds(client(clientSide), RelayCommand.INTRODUCE1, new byte[19]);
        assertEnds(establish(OnionMessages.secret(5)), RelayCommand.INTRODUCE1, body);
        assertEnds(extended(), RelayCommand.INTRODUCE1, body);
        assertThat(service.read()).isEmpty();
    }

    @Test
    void refusesToBeAnIntroductionPointWithoutProof() throws Malformed {
        byte[] foreign = OnionMessages.establishIntro(SECRET, new byte[20]);
        assertEnds(client(serviceSide), RelayCommand.ESTABLISH_INTRO, foreign);
        for (byte[] bad : List.of(new byte[0], new byte[1], new byte[] {1, 0, 0}, new byte[] {2}, new byte[200])) {
            assertEnds(client(serviceSide), RelayCommand.ESTABLISH_INTRO, bad);
        }
        TestClient client = client(serviceSide);
        byte[] request = OnionMessages.establishIntro(SECRET, client.nonce());
        request[request.length - 1] ^= 1;
        assertEnds(client, RelayCommand.ESTABLISH_INTRO, request);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(UNKNOWN_ID);
    }

    @Test
    void onlyAPlainCircuitThatEndsHereBecomesAnIntroductionPoint() throws Malformed {
        TestClient client = extended();
        assertEnds(client, RelayCommand.ESTABLISH_INTRO, OnionMessages.establishIntro(SECRET, client.nonce()));
        client = establish(SECRET);
        assertEnds(client, RelayCommand.ESTABLISH_INTRO, OnionMessages.establishIntro(SECRET, client.nonce()));
        // Both at once: the second one finds the first in proof.
        client = client(serviceSide);
        byte[] request = OnionMessages.establishIntro(SECRET, client.nonce());
        client.send(RelayCommand.ESTABLISH_INTRO, 0, request);
        assertEnds(client, RelayCommand.ESTABLISH_INTRO, request);
    }

    @Test
    void aCircuitMayEndWhileItsSignatureIsChecked() throws Malformed {
        TestClient client = client(serviceSide);
        client.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(SECRET, client.nonce()));
        client.deliver(CellCommand.DESTROY, new byte[1]);
        rig.settle();
        assertThat(rig.circuits.onionDuties().counts().introductionPoints()).isZero();
    }

    @Test
    void moreSignaturesThanTheWorkersShouldHoldAreRefused() throws Malformed {
        List<TestClient> many = java.util.stream.IntStream.rangeClosed(0, 64)
                .mapToObj(_ -> uncheckedClient())
                .toList();
        for (TestClient client : many) {
            client.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(SECRET, client.nonce()));
        }
        TestClient last = many.getLast();
        assertThat(last.destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
    }

    /// A service that lost its circuit comes back with the same key before we have noticed.
    @Test
    void theNewestCircuitOfAKeyReplacesTheOlder() throws Malformed {
        TestClient old = establish(SECRET);
        TestClient service = client(elsewhere);
        service.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(SECRET, service.nonce()));
        assertThat(service.read()).singleElement().satisfies(OnionServiceTest::isEstablished);
        assertThat(old.destroyed()).isEqualTo(FINISHED);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(ACCEPTED);
        assertThat(service.read()).hasSize(1);
        service.deliver(CellCommand.DESTROY, new byte[1]);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(UNKNOWN_ID);
    }

    // Rendezvous points

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
        pair.client.send(1, CellCommand.RELAY_EARLY, RelayCommand.DATA, 3, new byte[] {9}, 1);
        // It reads RELAY only.
        assertThat(pair.service.read()).hasSize(1);
    }

    @Test
    void aJoinedCircuitMayStillSpeakToUs() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.client.send(RelayCommand.TRUNCATE, 0, new byte[1]);
        assertThat(pair.client.read())
                .singleElement()
                .satisfies(message -> assertThat(message.command()).isEqualTo(RelayCommand.TRUNCATED));
        pair.exchange(3, 3);
    }

    @Test
    void whenOneEndsTheOtherEndsToo() throws Malformed {
        Joined pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.client.deliver(CellCommand.DESTROY, new byte[] {(byte) FINISHED});
        assertThat(pair.service.destroyed()).isEqualTo(DestroyReason.DESTROYED.code());
        pair = join(rendezvousPoint(clientSide), client(serviceSide));
        pair.service.deliver(CellCommand.DESTROY, new byte[1]);
        assertThat(pair.client.destroyed()).isEqualTo(DestroyReason.DESTROYED.code());
        pair = join(rendezvousPoint(clientSide), client(serviceSide));
        serviceSide.close();
        assertThat(pair.client.destroyed()).isEqualTo(DestroyReason.CHANNEL_CLOSED.code());
        assertThat(rig.circuits.open()).isZero();
    }

    /// The link that closes tells one of them, which ends the other: that one's place on the link is gone as well.
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
            pair.service.send(1, CellCommand.RELAY, RelayCommand.DATA, 3, new byte[1], 1);
        }
        assertThat(pair.service.destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
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
    }

    @Test
    void refusesToJoinWithoutACookieThatSomebodyWaitsUnder() throws Malformed {
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, new byte[0]);
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, Arrays.copyOf(COOKIE, 19));
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, new byte[84]);
        TestClient alone = rendezvousPoint(clientSide);
        assertEnds(alone, RelayCommand.RENDEZVOUS1, rendezvous1());
        assertEnds(client(serviceSide), RelayCommand.RENDEZVOUS1, rendezvous1());
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

    // Both

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
        for (TestClient client : List.of(pair.client, pair.service, rendezvousPoint(elsewhere), establish(SECRET))) {
            client.send(RelayCommand.BEGIN_DIR, 5, new byte[0]);
            client.send(RelayCommand.RESOLVE, 6, "a.example\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.read()).singleElement().satisfies(message -> {
                assertThat(message.command()).isEqualTo(RelayCommand.END);
                assertThat(message.body()).containsExactly(EndReason.NOTDIRECTORY.code());
            });
        }
        pair.exchange(3, 5);
    }

    private static void isEstablished(TestClient.Message message) {
        assertThat(message.command()).isEqualTo(RelayCommand.INTRO_ESTABLISHED);
        assertThat(message.body()).containsExactly(0);
    }

    private TestClient client(FakeLinks.Peer peer) throws Malformed {
        return new TestClient(rig, peer, nextId++).create();
    }

    private TestClient uncheckedClient() {
        try {
            return client(serviceSide);
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    /// The circuit of a service that waits for introductions.
    private TestClient establish(byte[] secret) throws Malformed {
        TestClient service = client(serviceSide);
        service.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(secret, service.nonce()));
        assertThat(service.read()).singleElement().satisfies(OnionServiceTest::isEstablished);
        return service;
    }

    /// What a client is answered whose circuit is good for one introduction.
    private byte[] introduce(byte[] body) throws Malformed {
        TestClient client = client(clientSide);
        client.send(RelayCommand.INTRODUCE1, 0, body);
        List<TestClient.Message> answers = client.read();
        assertThat(answers)
                .singleElement()
                .satisfies(message -> assertThat(message.command()).isEqualTo(RelayCommand.INTRODUCE_ACK));
        return answers.getFirst().body();
    }

    /// A circuit that has a next hop.
    private TestClient extended() throws Malformed {
        TestClient client = client(serviceSide);
        byte[] extend = new Extend2Body(
                        new RelayAddress(new byte[] {5, 6, 7, 8}, 9001),
                        null,
                        CircuitRig.bytes(20, 4),
                        null,
                        new Create2Body(2, new byte[84]))
                .encode();
        client.sendEarly(RelayCommand.EXTEND2, 0, extend);
        rig.dials.getLast().opened(next.link());
        rig.settle();
        next.take();
        return client;
    }

    private TestClient rendezvousPoint(FakeLinks.Peer peer) throws Malformed {
        return rendezvousPoint(peer, COOKIE);
    }

    private TestClient rendezvousPoint(FakeLinks.Peer peer, byte[] cookie) throws Malformed {
        TestClient client = client(peer);
        client.send(RelayCommand.ESTABLISH_RENDEZVOUS, 0, cookie);
        assertThat(client.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.RENDEZVOUS_ESTABLISHED);
            assertThat(message.body()).isEmpty();
        });
        return client;
    }

    private static byte[] rendezvous1() {
        byte[] body = CircuitRig.bytes(84, 0x55);
        System.arraycopy(COOKIE, 0, body, 0, COOKIE.length);
        return body;
    }

    private void assertEnds(TestClient client, int command, byte[] body) {
        client.send(command, 0, body);
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
    }

    private Joined join(TestClient client, TestClient service) {
        byte[] body = rendezvous1();
        service.send(RelayCommand.RENDEZVOUS1, 0, body);
        assertThat(client.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.RENDEZVOUS2);
            assertThat(message.body()).isEqualTo(Arrays.copyOfRange(body, 20, 84));
        });
        assertThat(service.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        byte[] keys = rig.world.secret(72);
        client.addHop(keys);
        service.addHop(swapped(keys));
        return new Joined(client, service);
    }

    /// The other end's view of Df | Db | Kf | Kb.
    private static byte[] swapped(byte[] keys) {
        byte[] out = new byte[72];
        System.arraycopy(keys, 20, out, 0, 20);
        System.arraycopy(keys, 0, out, 20, 20);
        System.arraycopy(keys, 56, out, 40, 16);
        System.arraycopy(keys, 40, out, 56, 16);
        return out;
    }

    private record Joined(TestClient client, TestClient service) {
        /// Has both send to each other, and sees that all arrives once, in order and as it was.
        void exchange(int cells, long seed) {
            Random random = new Random(seed);
            for (int i = 0; i < cells; i++) {
                TestClient from = random.nextBoolean() ? client : service;
                TestClient to = from == client ? service : client;
                byte[] body = new byte[random.nextInt(499)];
                random.nextBytes(body);
                from.send(1, CellCommand.RELAY, RelayCommand.DATA, 1 + i, body, body.length);
                int streamId = 1 + i;
                assertThat(to.read()).singleElement().satisfies(message -> {
                    assertThat(message.hop()).isEqualTo(1);
                    assertThat(message.streamId()).isEqualTo(streamId);
                    assertThat(message.body()).isEqualTo(body);
                });
            }
        }
    }
}
