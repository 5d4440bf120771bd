package sallyport.lab.synthetic;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.directory.UploadResult;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.World;
import sallyport.lab.network.Consensus;
import sallyport.lab.network.NetworkPlan;
import sallyport.lab.network.PrivateNetwork;

/// Makes as many relays as wanted known to the authorities of a private network. Ten at a time are a
/// family.
public final class SyntheticRelays {
    /// The most of them: three bytes of an address.
    public static final int MAX = 1_500_000;

    private static final int FAMILY_RELAYS = 10;
    // Ours: an authority takes a second for so many, and silence for half a minute is what our uploads bear.
    private static final int RELAYS_PER_UPLOAD = 250;
    private static final int POLL_MILLIS = 1_000;
    // Ours: every directory cache compresses every consensus in several ways, some seconds of a processor each time.
    private static final int INTERVAL_SECONDS = 120;

    private SyntheticRelays() {}

    /// What a network needs to list many relays that nobody can reach: authorities that do not try, and
    /// time to vote.
    public static NetworkPlan suit(NetworkPlan plan) {
        return plan.onAuthorities("AuthDirTestReachability 0").votingIntervalSeconds(INTERVAL_SECONDS);
    }

    /// Makes the relays and publishes them; returns when all authorities took all of them.
    ///
    /// @param progress is told one line at each step
    /// @throws IOException where an authority refuses one, with its words
    public static void publish(PrivateNetwork network, int count, Consumer<String> progress)
            throws IOException, InterruptedException {
        if (count > MAX) {
            throw new IllegalArgumentException("more relays than addresses");
        }
        try (RealWorld world = new RealWorld(network.leash().directory(), 1, (_, _, text) -> progress.accept(text))) {
            DirectoryUploader uploader = new DirectoryUploader(world, authorities(network));
            long begin = System.nanoTime();
            List<byte[]> uploads = make(count, world);
            progress.accept("made the keys and descriptors of " + count + " relays in " + seconds(begin) + " s");
            begin = System.nanoTime();
            for (int from = 0; from < count; from += RELAYS_PER_UPLOAD) {
                ByteArrayOutputStream together = new ByteArrayOutputStream();
                uploads.subList(from, Math.min(from + RELAYS_PER_UPLOAD, count)).forEach(together::writeBytes);
                for (UploadResult result : uploader.upload(together.toByteArray())) {
                    if (result.outcome() != UploadResult.Outcome.ACCEPTED) {
                        throw new IOException(
                                "authority " + result.authority().nickname() + " said " + result.reason());
                    }
                }
            }
            progress.accept("published them in " + seconds(begin) + " s");
        }
    }

    /// Waits until every authority has a consensus of at least so many relays.
    public static void awaitListed(PrivateNetwork network, int count, Duration timeout)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (network.authorities().stream()
                .anyMatch(authority -> Consensus.of(authority).size() < count)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the consensus lists " + network.consensus().size() + " relays instead of " + count + " after "
                                + timeout.toSeconds() + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// Keys and descriptors; some milliseconds of one processor each, on all of them.
    public static List<byte[]> make(int count, World world) {
        SharedPrimes primes = new SharedPrimes(2 * count);
        List<SyntheticRelay> relays = IntStream.range(0, count)
                .parallel()
                .mapToObj(number -> SyntheticRelay.make(number, primes, world))
                .toList();
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(number -> relays.get(number).upload(family(relays, number), world))
                .toList();
    }

    private static SortedSet<String> family(List<SyntheticRelay> relays, int number) {
        int from = number - number % FAMILY_RELAYS;
        SortedSet<String> family = new TreeSet<>();
        relays.subList(from, Math.min(from + FAMILY_RELAYS, relays.size()))
                .forEach(relay -> family.add(relay.fingerprint()));
        return family;
    }

    private static Authorities authorities(PrivateNetwork network) {
        List<Authority> all = new ArrayList<>();
        try {
            for (String line : network.authorityLines()) {
                all.add(Authority.parse(line));
            }
        } catch (Malformed e) {
            throw new IllegalStateException("a line of our own network", e);
        }
        return new Authorities(all);
    }

    private static long seconds(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
    }
}
