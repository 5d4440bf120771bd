package sallyport.supervisor.fleet;

import java.time.Duration;
import java.util.List;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceStatus;

/// The running relays, as far as the fleet moves them. What goes wrong inside one relay stays with it and
/// is in the log and in its state; none of these methods throws for it.
public interface Relays {
    /// Returns before the relay listens.
    void start(InstanceSpec spec);

    /// Changes a relay without closing anything of it. Its id names it.
    UpdateOutcome update(InstanceSpec spec) throws InterruptedException;

    /// Closes its circuits and links with a reason, and forgets it.
    void remove(String id) throws InterruptedException;

    /// Has one relay take nothing new, and stops it once its circuits have ended, after `limit` at the
    /// latest. One that is over stays so.
    void drain(String id, Duration limit) throws InterruptedException;

    /// Has a relay that drains go on, and starts one that is over.
    void start(String id) throws InterruptedException;

    /// Whether a live consensus is known, without which no relay comes further than to listen.
    boolean knowNetwork();

    /// Changes what all relays share, as far as a running process can.
    void update(ProcessSpec process);

    /// Has all relays accept nothing new, for they are about to stop.
    void acceptNothingNew();

    /// Reads the key files of all relays again.
    void reloadKeys();

    List<InstanceStatus> status();
}
