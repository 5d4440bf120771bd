package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.onionservice.OnionMessages;
import sallyport.engine.onionskin.NtorV3Client;

/// Introduction points, message by message.
class IntroductionPointTest extends OnionServiceRig {
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
        assertThat(rig.tallied(Tally.ESTABLISH_INTRO_SUCCESS)).isEqualTo(2);
        assertThat(rig.tallied(Tally.INTRODUCE1_SUCCESS)).isEqualTo(1);
    }

    @Test
    void counterGaloisCarriesIntroductionsOfAnyReadableLength() throws Malformed {
        TestClient service = new TestClient(rig, serviceSide, nextId++);
        service.createV3(NtorV3Client.counterGalois());
        service.send(RelayCommand.ESTABLISH_INTRO, 0, OnionMessages.establishIntro(SECRET, service.nonce()));
        assertThat(service.read()).singleElement().satisfies(OnionServiceRig::isEstablished);
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
        assertThat(rig.tallied(Tally.INTRODUCE1_UNKNOWN_SERVICE)).isEqualTo(1);
        assertThat(rig.tallied(Tally.INTRODUCE1_MALFORMED)).isEqualTo(3);
    }

    @Test
    void theRateThatTheServiceAskedForStopsAFlood() throws Malformed {
        TestClient service = client(serviceSide);
        byte[] request = OnionMessages.establishIntro(SECRET, service.nonce(), OnionMessages.rate(1, 4));
        service.send(RelayCommand.ESTABLISH_INTRO, 0, request);
        assertThat(service.read()).singleElement().satisfies(OnionServiceRig::isEstablished);
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
        assertThat(rig.tallied(Tally.INTRODUCE1_RATE_LIMITED)).isEqualTo(1);
    }

    @Test
    void aSecondIntroductionOnOneCircuitEndsIt() throws Malformed {
        establish(SECRET);
        TestClient client = client(clientSide);
        client.send(RelayCommand.INTRODUCE1, 0, CircuitRig.bytes(40, 0));
        assertThat(client.read()).hasSize(1);
        client.send(RelayCommand.INTRODUCE1, 0, OnionMessages.introduce1(KEY, new byte[1]));
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
        assertThat(rig.tallied(Tally.INTRODUCE1_REUSED)).isEqualTo(1);
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
        assertThat(rig.tallied(Tally.ESTABLISH_INTRO_MALFORMED)).isEqualTo(7);
        assertThat(rig.tallied(Tally.ESTABLISH_INTRO_SUCCESS)).isZero();
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
        assertThat(service.read()).singleElement().satisfies(OnionServiceRig::isEstablished);
        assertThat(old.destroyed()).isEqualTo(FINISHED);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(ACCEPTED);
        assertThat(service.read()).hasSize(1);
        service.deliver(CellCommand.DESTROY, new byte[1]);
        assertThat(introduce(OnionMessages.introduce1(KEY, new byte[1]))).isEqualTo(UNKNOWN_ID);
    }
}
