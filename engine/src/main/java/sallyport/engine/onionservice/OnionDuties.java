package sallyport.engine.onionservice;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// What one instance does for onion services. Its keys and cookies are its own: another instance of the process knows
/// nothing of them. A circuit has at most one duty, so the limit on circuits bounds whatever is remembered here.
///
/// Runs on: the instance's loop.
public final class OnionDuties {
    private final Introductions introductions;
    private final Rendezvous rendezvous;
    private final FaultCounters faults;

    /// @param parameters what the authorities voted; answers at once
    /// @param statistics counts what passes through rendezvous points
    public OnionDuties(
            World world,
            EventLoop loop,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            RelayStatistics statistics) {
        this.introductions = new Introductions(world, loop, parameters, faults);
        this.rendezvous = new Rendezvous(parameters, faults, statistics);
        this.faults = faults;
    }

    /// For a circuit that got the first message which concerns onion services.
    public OnionDuty duty(DutyCircuit circuit) {
        return new OnionDuty(circuit, introductions, rendezvous, faults);
    }

    /// @param introductionPoints circuits of services that wait for introductions
    /// @param introduced introductions that were passed to a service, since the start
    /// @param refused introductions beyond the rate of their introduction point, since the start
    /// @param rendezvousPoints circuits of clients that wait for their service
    /// @param joined pairs of circuits that are joined now
    /// @param everJoined pairs that ever were, since the start
    public record Counts(
            int introductionPoints, long introduced, long refused, int rendezvousPoints, int joined, long everJoined) {}

    public Counts counts() {
        return new Counts(
                introductions.points(),
                introductions.introduced(),
                introductions.refused(),
                rendezvous.points(),
                rendezvous.joined(),
                rendezvous.everJoined());
    }
}
