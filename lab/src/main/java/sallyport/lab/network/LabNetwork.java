package sallyport.lab.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import sallyport.lab.process.Leash;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestDns;

/// A running private Tor network on loopback for relays of ours to join, whoever its authorities, relays
/// and client are made of. Gone without a trace when closed, and in any other way in which this JVM may
/// end.
public interface LabNetwork extends AutoCloseable {
    /// The arguments of torrc's DirAuthority, one an authority, verbatim: what a relay of ours trusts.
    List<String> authorityLines();

    /// The name server of its exits; answers what the test puts in.
    TestDns dns();

    /// Where processes of the test may put files and run; gone with the network.
    Leash leash();

    /// A loopback address that nobody else uses, in this network's /24.
    String freshAddress();

    /// The consensus as one of the authorities has it right now; an empty one before the first.
    Consensus consensus();

    /// Waits until a majority of authorities has a consensus that lists this relay with all of these flags.
    ///
    /// @param fingerprint 40 upper-case hex digits
    void awaitListed(String fingerprint, Set<String> flags, Duration timeout) throws IOException, InterruptedException;

    /// The SOCKS port of its client.
    InetSocketAddress socks();

    /// The client's way out through one exit and no other; one at a time.
    ///
    /// @param fingerprint 40 upper-case hex digits
    /// @throws IOException where no circuit leads there in time
    WayOut through(String fingerprint) throws IOException, InterruptedException;

    @Override
    void close();

    /// Streams of the client that all leave through one exit.
    interface WayOut extends AutoCloseable {
        /// Who opens them.
        SocksFetch fetch();

        /// Ends those that are left.
        @Override
        void close() throws IOException;
    }
}
