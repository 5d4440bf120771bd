package sallyport.lab.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.sim.SimMachine;
import sallyport.engine.world.DrawnRsaKeys;
import sallyport.engine.world.MemoryStorage;
import sallyport.lab.authority.AuthorityKeyFiles;
import sallyport.lab.dirauth.AuthoritySpec;
import sallyport.lab.dirauth.DirectoryAuthority;
import sallyport.lab.vote.VotingKeys;

/// One authority of a simulated network: its disk, what is written there, and the machine it runs on just
/// now.
final class SimulatedAuthority {
    // When each authority's certificate comes to the last half of its time.
    static final List<Duration> RENEWALS = List.of(Duration.ofHours(2), Duration.ofHours(26), Duration.ofHours(98));
    private static final Duration CERTIFICATE_AGE = Duration.ofHours(46);
    private static final String KEYS = "keys/";
    // Numbers of keys that no entropy gives within a life.
    private static final int FIRST_AUTHORITY_KEY = 100;
    private static final int AUTHORITY_KEY_BITS = 1024;
    private static final int CONSENSUS_BYTES_MAX = 1 << 20;

    final AuthoritySpec spec;
    MemoryStorage disk = new MemoryStorage();
    String line = "";

    @Nullable
    SimMachine machine;

    @Nullable
    DirectoryAuthority authority;

    SimulatedAuthority(AuthoritySpec spec) {
        this.spec = spec;
    }

    /// Its keys, and a certificate that is to be renewed when [#RENEWALS] says.
    ///
    /// @param number which authority it is
    void writeKeys(int number) throws IOException {
        RSAPrivateCrtKey identity = DrawnRsaKeys.of(AUTHORITY_KEY_BITS, FIRST_AUTHORITY_KEY + 2 * number);
        RSAPrivateCrtKey signing = DrawnRsaKeys.of(AUTHORITY_KEY_BITS, FIRST_AUTHORITY_KEY + 2 * number + 1);
        VotingKeys keys = VotingKeys.certify(
                identity,
                signing,
                spec.directory(),
                SimulatedNetwork.START.minus(CERTIFICATE_AGE),
                RENEWALS.get(number).plus(CERTIFICATE_AGE).multipliedBy(2));
        write(AuthorityKeyFiles.IDENTITY, Rsa.privatePem(identity).getBytes(StandardCharsets.US_ASCII));
        write(AuthorityKeyFiles.SIGNING, Rsa.privatePem(signing).getBytes(StandardCharsets.US_ASCII));
        write(AuthorityKeyFiles.CERTIFICATE, keys.certificate());
    }

    private void write(String file, byte[] content) throws IOException {
        disk.write(KEYS + file, content);
    }

    /// Its next start is with a disk that holds nothing but its keys, those of its relay among them.
    void loseDisk() throws IOException {
        MemoryStorage empty = new MemoryStorage();
        for (Map.Entry<String, byte[]> file : disk.content().entrySet()) {
            if (file.getKey().startsWith(KEYS) || file.getKey().contains("/" + KEYS)) {
                empty.write(file.getKey(), file.getValue());
            }
        }
        disk = empty;
    }

    /// The consensus as an authority has kept it.
    Optional<String> consensus() throws IOException {
        return kept("ns-consensus");
    }

    /// The descriptors of relays that it knows.
    String descriptors() throws IOException {
        return kept("relays").orElse("");
    }

    /// For how many relays it voted in the last round; none where it cast no vote.
    long votedFor() throws IOException {
        for (String vote : kept("v3-status-votes").orElse("").split("network-status-version 3\\n", -1)) {
            if (vote.contains("\ndir-source " + spec.nickname() + " ")) {
                return vote.lines().filter(line -> line.startsWith("r ")).count();
            }
        }
        return 0;
    }

    private Optional<String> kept(String file) throws IOException {
        return disk.read("authority/" + file, CONSENSUS_BYTES_MAX)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }

    static Instant validAfter(String consensus) {
        String line = consensus
                .lines()
                .filter(each -> each.startsWith("valid-after "))
                .findFirst()
                .orElseThrow();
        return Instant.parse(line.substring("valid-after ".length()).replace(' ', 'T') + "Z");
    }

    static long signatures(String consensus) {
        return consensus
                .lines()
                .filter(each -> each.startsWith("directory-signature "))
                .count();
    }

    /// The flags of each relay, in the order of the consensus.
    static List<List<String>> flags(String consensus) {
        return consensus
                .lines()
                .filter(each -> each.startsWith("s "))
                .map(each -> Arrays.asList(each.substring(2).split(" ", -1)))
                .toList();
    }
}
