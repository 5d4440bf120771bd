package sallyport.lab.network;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import sallyport.lab.control.ControlClient;

/// Waiting for a relay to be listed.
final class Listing {
    private static final long POLL_MILLIS = 100;

    private Listing() {}

    /// Waits until more than half of the consensuses list the relay with all of these flags.
    ///
    /// @param consensuses as each authority has it right now
    /// @param fingerprint 40 upper-case hex digits
    static void await(Supplier<List<Consensus>> consensuses, String fingerprint, Set<String> flags, Duration timeout)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            List<Consensus> now = consensuses.get();
            long agreeing = now.stream()
                    .filter(each -> each.flags(fingerprint).containsAll(flags))
                    .count();
            if (agreeing > now.size() / 2) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the consensus lists " + fingerprint + " not with " + flags + " after "
                        + timeout.toSeconds() + " s but with "
                        + now.getFirst().flags(fingerprint));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// Waits until a node of C tor has a consensus that lists the relay.
    ///
    /// @param deadlineNanos by `System.nanoTime`
    static void awaitKnown(ControlClient control, TorNode node, String fingerprint, long deadlineNanos)
            throws IOException, InterruptedException {
        while (control.infoIfKnown("ns/id/" + fingerprint) == null) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(node + " has no consensus that lists " + fingerprint);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
