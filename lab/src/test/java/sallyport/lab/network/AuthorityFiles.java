package sallyport.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Rsa;
import sallyport.lab.authority.AuthorityKeyFiles;
import sallyport.lab.roster.KeptComparison;
import sallyport.lab.sharedrandom.SharedRandomFile;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.synthetic.MemoryStorage;
import sallyport.lab.vote.Commitment;
import sallyport.lab.vote.SharedRandom;
import sallyport.lab.vote.VotingKeys;

/// The files of an authority of C tor, taken over by us and given back.
final class AuthorityFiles {
    // As networks of the lab vote where nothing else is said.
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    // Of shared random values: twelve rounds of two phases.
    private static final Duration RUN = INTERVAL.multipliedBy(24);

    // Three besides itself.
    private static final int RELAYS = 4;
    private static final String VALUE = Base64.getEncoder().encodeToString(new byte[32]);
    // Of C tor's tests.
    private static final String COMMIT = "AAAAAFavXpbkBMzMQG7aNoaGLFNpm2Wkk1ozXhuWWqL//GynltxVAg==";
    private static final String REVEAL = "AAAAAFavXpZJxbwTupvaJCTeIUCQmOPxAMblc7ChL5H2nZKuGchdaA==";

    private AuthorityFiles() {}

    /// Stops an authority that is the only one and whose identity we made, renews its certificate, tells
    /// it of shared random values that nobody ever computed and of days in which relays ran, and waits
    /// until it votes with all of that.
    static void exchange(TorNode authority, Duration patience) throws Exception {
        RelayAddress address = address(authority);
        Path state = authority.data().resolve(SharedRandomFile.NAME);
        // All of it falls into one run of the shared random protocol: C tor does not read a state of an older one.
        awaitSecond(RUN, RUN.minus(patience));
        authority.stop();
        VotingKeys renewed = renew(authority.data().resolve("keys"), address);
        // The first vote of a network is long awaited and then called: C tor itself would not read this one.
        Files.delete(state);
        authority.start();
        await().atMost(patience).until(() -> get(address, "/tor/keys/authority"), text(renewed.certificate())::equals);
        authority.stop();
        plant(state, renewed);
        KeptComparison.exchange(authority.data(), RELAYS);
        List<String> commitments = lines(state, "Commit");
        List<String> run = lines(state, "ValidUntil");
        // C tor that begins within a vote may come to no consensus, and then takes up the value of the last one.
        awaitSecond(INTERVAL, INTERVAL.dividedBy(3));
        authority.start();
        // Before a new run it is the current one, in it the previous.
        await().atMost(patience)
                .until(
                        () -> get(address, "/tor/status-vote/current/consensus"),
                        found -> found.contains(" 7 " + VALUE));
        assertThat(Files.readString(state))
                .startsWith("# Tor shared random state file")
                .contains(" 7 " + VALUE);
        assertThat(commitments).hasSize(1);
        KeptComparison.confirm(get(address, "/tor/status-vote/current/authority"), RELAYS);
        if (lines(state, "ValidUntil").equals(run)) {
            assertThat(lines(state, "Commit")).isEqualTo(commitments);
        }
    }

    /// Waits for one of the first seconds of a period that began with the day.
    private static void awaitSecond(Duration period, Duration first) {
        await().atMost(period).until(() -> Instant.now().getEpochSecond() % period.toSeconds() < first.toSeconds());
    }

    /// Those of a running authority; tor-gencert has encrypted the identity, so nothing is renewed.
    static VotingKeys keysOf(TorNode authority) throws Exception {
        MemoryStorage storage = new MemoryStorage();
        Path keys = authority.data().resolve("keys");
        for (String file :
                List.of(AuthorityKeyFiles.IDENTITY, AuthorityKeyFiles.SIGNING, AuthorityKeyFiles.CERTIFICATE)) {
            storage.write("keys/" + file, Files.readAllBytes(keys.resolve(file)));
        }
        VotingKeys read = open(storage, address(authority));
        assertThat(read.certificate()).isEqualTo(Files.readAllBytes(keys.resolve(AuthorityKeyFiles.CERTIFICATE)));
        return read;
    }

    /// As if its signing key were lost: what is left is the identity.
    private static VotingKeys renew(Path keys, RelayAddress address) throws Exception {
        MemoryStorage storage = new MemoryStorage();
        String identity = "keys/" + AuthorityKeyFiles.IDENTITY;
        storage.write(identity, Files.readAllBytes(keys.resolve(AuthorityKeyFiles.IDENTITY)));
        VotingKeys renewed = open(storage, address);
        for (String file : List.of(AuthorityKeyFiles.SIGNING, AuthorityKeyFiles.CERTIFICATE)) {
            Files.write(
                    keys.resolve(file),
                    storage.read("keys/" + file, Integer.MAX_VALUE).orElseThrow());
        }
        return renewed;
    }

    private static VotingKeys open(MemoryStorage storage, RelayAddress address) throws Exception {
        return new AuthorityKeyFiles(storage, "keys", AuthorityKeyFiles.Making.usual(address, Rsa::generate))
                .open(Instant.now());
    }

    private static RelayAddress address(TorNode authority) {
        TorNode.Place place = authority.place();
        return Objects.requireNonNull(RelayAddress.parseIp(place.address(), place.dirPort()));
    }

    /// Reads what C tor wrote, and writes the same with another value, and a commitment of its own where it
    /// has none because it came when others reveal.
    private static void plant(Path file, VotingKeys keys) throws Exception {
        byte[] identity = Hex.decode(keys.v3Identity());
        SharedRandomState.Self self = new SharedRandomState.Self(identity, Set.of(keys.v3Identity()), byte[]::new);
        SharedRandomState state = SharedRandomFile.read(Files.readAllBytes(file), self, Instant.now(), INTERVAL)
                .orElseThrow();
        List<Commitment> own = state.said().commitments();
        assertThat(own).hasSizeLessThan(2).allMatch(Commitment::holds);
        byte[] bytes = Base64.getDecoder().decode(VALUE);
        state.follow(new SharedRandom(true, false, List.of(), null, new SharedRandom.Value(7, bytes)));
        String commit = own.isEmpty() ? "Commit " + new Commitment(identity, COMMIT, REVEAL).line(true) + "\n" : "";
        Files.writeString(file, text(SharedRandomFile.write(state)) + commit);
    }

    private static List<String> lines(Path file, String key) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key + " "))
                .toList();
    }

    private static String get(RelayAddress authority, String path) {
        try (InputStream in = URI.create("http://" + authority + path).toURL().openStream()) {
            return text(in.readAllBytes());
        } catch (IOException notYet) {
            return "";
        }
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }
}
