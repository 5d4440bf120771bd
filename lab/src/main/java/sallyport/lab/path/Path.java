package sallyport.lab.path;

import java.util.List;
import sallyport.lab.guard.GuardUse;

/// A way through the network.
///
/// @param relays from the guard to the exit
/// @param guard what the client's guards remember of this circuit; they want to hear how it fares
public record Path(List<PathRelay> relays, GuardUse guard) implements PathChoice {
    public Path {
        relays = List.copyOf(relays);
    }

    public PathRelay exit() {
        return relays.getLast();
    }
}
