package sallyport.engine.instance;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import sallyport.engine.descriptor.DescriptorPublisher;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// Looks after the age of one relay's keys, by what the consensus says of onion keys. Blocks: control tasks only.
final class KeyRenewal {
    // C tor looks at its certificates every 30 s and at its onion keys every hour; ours cost nothing to look at.
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final World world;
    private final String relay;
    private final RelayKeys keys;
    private final Supplier<NetworkParameters> parameters;
    private final DescriptorPublisher publisher;

    KeyRenewal(
            World world,
            String relay,
            RelayKeys keys,
            Supplier<NetworkParameters> parameters,
            DescriptorPublisher publisher) {
        this.world = world;
        this.relay = relay;
        this.keys = keys;
        this.parameters = parameters;
        this.publisher = publisher;
    }

    /// The body of a task: renews again and again.
    void run() throws InterruptedException {
        while (true) {
            world.tasks().sleep(INTERVAL);
            renew();
        }
    }

    /// How long the previous onion keys still serve: never longer than the current ones, even where
    /// nobody voted on it.
    static int graceDays(NetworkParameters voted, int rotationDays) {
        int usual = Math.min(RelayKeys.ONION_GRACE_DAYS, rotationDays);
        return rotationDays == 1 ? 1 : voted.get("onion-key-grace-period-days", 1, rotationDays, usual);
    }

    private void renew() {
        NetworkParameters voted = parameters.get();
        int rotation = voted.get("onion-key-rotation-days", 1, 90, RelayKeys.ONION_ROTATION_DAYS);
        int grace = graceDays(voted, rotation);
        try {
            if (keys.renewIfDue(rotation, grace)) {
                publisher.changed("new keys");
            }
        } catch (KeyFileException | IOException e) {
            world.log().warn(relay, "keys could not be renewed; the old ones stay in use: " + e.getMessage());
        }
    }
}
