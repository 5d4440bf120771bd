package sallyport.supervisor.fleet;

import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;

/// The running relays, as far as the fleet moves them. What goes wrong inside one relay stays with it and is in the
/// log;
/// none of these methods throws for it.
public interface Relays {
    void start(InstanceSpec spec);

    /// Changes a running relay without closing anything of it. Its id names it.
    UpdateOutcome update(InstanceSpec spec);

    /// Closes its circuits and links with a reason.
    void stop(String id);

    /// Reads the relay's key files again.
    UpdateOutcome reloadKeys(String id);
}
