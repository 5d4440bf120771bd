package sallyport.lab.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.world.RealWorld;
import sallyport.lab.dirauth.AuthoritySpec;
import sallyport.lab.dirauth.DirectoryAuthority;
import sallyport.lab.dirauth.VotingTiming;
import sallyport.lab.roster.RosterSettings;

/// A directory authority of ours in a network of the lab, in a world and a directory of its own.
public final class EmbeddedAuthority implements AutoCloseable {
    private static final int OR_PORT = 5_000;
    private static final int DIR_PORT = 7_000;
    // As the torrc of C tor's authorities beside them.
    private static final RosterSettings JUDGEMENT = RosterSettings.testing(
            "TestingDirAuthVoteExit *",
            "TestingDirAuthVoteGuard *",
            "TestingDirAuthVoteHSDir *",
            "TestingMinExitFlagThreshold 0",
            "AuthDirFastGuarantee 1",
            "AuthDirMaxServersPerAddr 0");

    private final Path data;
    private final RealWorld world;
    private final PrintWriter log;
    private final DirectoryAuthority authority;

    private EmbeddedAuthority(Path data, RealWorld world, PrintWriter log, DirectoryAuthority authority) {
        this.data = data;
        this.world = world;
        this.log = log;
        this.authority = authority;
    }

    /// Makes its keys, which takes a second or two of one processor.
    ///
    /// @param directory for its files and its log
    static EmbeddedAuthority make(String nickname, Path directory, String address, Map<String, Integer> parameters)
            throws IOException {
        Files.createDirectories(directory);
        Path data = directory.resolve("data");
        PrintWriter log = new PrintWriter(Files.newBufferedWriter(directory.resolve("sallyport.log")), true);
        RealWorld world = new RealWorld(data, 1, (level, of, text) -> log.println(level + " " + of + " " + text));
        AuthoritySpec spec = new AuthoritySpec(
                nickname,
                at(address, Loopback.freePort(address, OR_PORT)),
                Loopback.freePort(address, DIR_PORT),
                "lab@example.org",
                JUDGEMENT,
                parameters);
        try {
            return new EmbeddedAuthority(data, world, log, DirectoryAuthority.make(world, spec));
        } catch (KeyFileException e) {
            throw new IOException("no keys for an authority", e);
        }
    }

    static RelayAddress at(String address, int port) {
        RelayAddress at = RelayAddress.parseIp(address, port);
        if (at == null) {
            throw new IllegalArgumentException("not an address");
        }
        return at;
    }

    /// The arguments of torrc's `DirAuthority` by which others know it.
    public String line() {
        return authority.line();
    }

    /// Of its relay, 40 upper-case hex digits.
    public String fingerprint() {
        return authority.fingerprint();
    }

    /// Where it answers HTTP.
    public RelayAddress directory() {
        return authority.spec().directory();
    }

    /// Opens its ports.
    ///
    /// @param lines those of all authorities of the network
    void open(List<String> lines) throws IOException, InterruptedException {
        authority.open(new NetworkSpec(true, authorities(lines)));
    }

    static List<Authority> authorities(List<String> lines) {
        List<Authority> all = new ArrayList<>();
        try {
            for (String line : lines) {
                all.add(Authority.parse(line));
            }
        } catch (Malformed e) {
            throw new IllegalStateException("a line of our own network", e);
        }
        return all;
    }

    /// Votes from now on, in step with C tor's authorities of the same timing.
    ///
    /// @param offset by which all rounds are late
    void vote(Torrc.Timing timing, Duration offset) throws InterruptedException {
        Duration delay = Duration.ofSeconds(timing.delaySeconds());
        authority.vote(new VotingTiming(
                new VotingTiming.Delays(Duration.ofSeconds(timing.intervalSeconds()), delay, delay),
                timing.intervalsValid(),
                offset));
    }

    /// Fingerprints of the relays that it knows.
    public Set<String> relays() {
        return authority.relays();
    }

    /// The consensus as it has it right now.
    public Consensus consensus() {
        return Consensus.of(data.resolve("authority").resolve("ns-consensus"));
    }

    @Override
    public void close() {
        try {
            authority.close();
        } catch (IOException e) {
            log.println("its ports do not close: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            world.close();
            log.close();
        }
    }
}
