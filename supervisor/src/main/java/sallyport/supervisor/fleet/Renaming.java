package sallyport.supervisor.fleet;

import java.time.InstantSource;
import sallyport.supervisor.config.FleetSpec;

/// Has relays change their names when a campaign begins and when it ends. What a relay is called follows
/// from the configuration and the time alone, so a restart in the middle comes to the same.
public final class Renaming {
    private final InstantSource clock;

    public Renaming(InstantSource clock) {
        this.clock = clock;
    }

    /// The relays under the names that they have now.
    public FleetSpec named(FleetSpec spec) {
        return spec.at(clock.instant());
    }

    /// Renames what is called otherwise by now; to be called often, by the thread of the fleet.
    public void follow(FleetSpec spec, Fleet fleet) throws InterruptedException {
        if (!spec.campaigns().isEmpty()) {
            fleet.rename(named(spec).relays());
        }
    }
}
