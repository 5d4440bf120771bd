package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.World;

/// Links that are opened to see who answers at an address, and closed at once: how an authority finds out
/// which relays run. Each goes over a connection of its own and proves no identity, so that no relay puts
/// circuits on it. From any thread.
public final class LinkProbes {
    private final EventLoop loop;
    private final InstanceLimits limits;
    private final Links links;

    /// May take half a second.
    ///
    /// @param name for the log
    /// @param pool the loop's cells
    /// @param keys whose relay is never probed; no peer sees them
    /// @param ours our ORPorts, for without an IPv6 address among them none is probed
    /// @param faults counts what relays do wrong
    /// @param maker of which kind they are
    public LinkProbes(
            String name,
            World world,
            EventLoop loop,
            CellPool pool,
            RelayKeys keys,
            List<RelayAddress> ours,
            InstanceLimits limits,
            FaultCounters faults,
            LinksMaker maker) {
        this.loop = loop;
        this.limits = limits;
        this.links = ClientLinks.open(
                name,
                world,
                loop,
                pool,
                keys,
                ours,
                () -> NetworkParameters.NONE,
                () -> RelayIndex.EMPTY,
                limits,
                faults,
                maker);
    }

    /// Opens a link to a relay and closes it. One at a time to one relay; after a connection that failed
    /// there is none to that address for a minute.
    ///
    /// @param rsaDigest SHA-1 of its RSA identity, which it has to prove
    /// @return the Ed25519 identity that it proved; fails with an [IOException] where none of that RSA
    /// identity answers
    public CompletableFuture<byte[]> probe(RelayAddress address, byte[] rsaDigest) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        loop.execute(() -> links.dial(new DialTarget(List.of(address), rsaDigest, null), new DialResult() {
            @Override
            public void opened(Link link) {
                @Nullable PeerIdentity peer = link.peer();
                // Not in the middle of its opening.
                loop.execute(() -> {
                    link.close();
                    if (peer == null) {
                        failed(DestroyReason.OR_IDENTITY);
                    } else {
                        answer.complete(peer.ed25519());
                    }
                });
            }

            @Override
            public void failed(DestroyReason reason) {
                answer.completeExceptionally(new IOException("no link: " + reason));
            }
        }));
        return answer;
    }

    /// Gives up what is under way.
    public void close() {
        loop.execute(() -> {
            links.close();
            limits.retire();
        });
    }
}
