package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.descriptor.DescriptorPublisher;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.link.Links;
import sallyport.engine.world.World;

/// What of a changed configuration one running relay can follow, as far as it may fail. Where it does,
/// the old value stays and the log says why. Blocks: control tasks only.
final class Reconfiguration {
    private final World world;
    private final EventLoop loop;
    private final RelayKeys keys;
    private final OwnFamily family;
    private final Links links;

    Reconfiguration(World world, EventLoop loop, RelayKeys keys, OwnFamily family, Links links) {
        this.world = world;
        this.loop = loop;
        this.keys = keys;
        this.family = family;
        this.links = links;
    }

    /// As much of `next` as is possible.
    ///
    /// @param deaf where it listens nowhere, as it sleeps or drains: it listens at new addresses when
    /// that is over
    InstanceSpec possible(InstanceSpec next, InstanceSpec before, boolean deaf) throws InterruptedException {
        InstanceSpec possible = withFamily(withAddresses(next, before, deaf), before);
        if (!possible.nickname().equals(before.nickname())) {
            writeFingerprints(possible);
        }
        return possible;
    }

    /// Reads the key files again.
    void readKeys(InstanceSpec spec, DescriptorPublisher publisher) {
        try {
            if (keys.reload()) {
                publisher.changed("new keys");
                world.log().info(spec.id(), "reload: a new signing key took effect");
            }
            if (family.readKeys(spec.family())) {
                publisher.changed("new family keys");
                world.log().info(spec.id(), "reload: the family keys changed");
            }
        } catch (KeyFileException | IOException e) {
            world.log().warn(spec.id(), "reload: keys cannot be used; the old ones stay in use: " + e.getMessage());
        }
    }

    /// Listens where `next` wants it; with the old addresses where that cannot be.
    private InstanceSpec withAddresses(InstanceSpec next, InstanceSpec before, boolean deaf)
            throws InterruptedException {
        Set<RelayAddress> fresh = new HashSet<>(next.listening());
        fresh.removeAll(before.listening());
        if (deaf) {
            fresh.clear();
        }
        try {
            OrPorts.listen(links, fresh, world.tasks());
            return next;
        } catch (IOException e) {
            world.log().warn(next.id(), "the relay stays where it is: " + e.getMessage());
            loop.execute(() -> links.listenOnlyOn(before.listening()));
            return next.listeningAs(before);
        }
    }

    private InstanceSpec withFamily(InstanceSpec next, InstanceSpec before) {
        try {
            family.follow(next.family(), keys.identity().fingerprint());
            return next;
        } catch (KeyFileException e) {
            world.log().warn(next.id(), "the family stays what it was: " + e.getMessage());
            return next.ofFamily(before.family());
        }
    }

    private void writeFingerprints(InstanceSpec spec) {
        try {
            keys.writeFingerprints(spec.nickname());
        } catch (KeyFileException e) {
            world.log().warn(spec.id(), "the new nickname is in use, yet not in the file: " + e.getMessage());
        }
    }
}
