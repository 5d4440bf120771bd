package sallyport.lab.dirauth;

import java.util.Map;
import sallyport.engine.address.RelayAddress;
import sallyport.lab.roster.RosterSettings;

/// What one authority shall be.
///
/// @param nickname 1 to 19 letters and digits
/// @param orAddress where it is a relay: IPv4
/// @param dirPort where it answers HTTP, at the same address
/// @param contact one line
/// @param judgement whom it lets in, and what for
/// @param parameters what it votes for the network's parameters (`ConsensusParams`)
public record AuthoritySpec(
        String nickname,
        RelayAddress orAddress,
        int dirPort,
        String contact,
        RosterSettings judgement,
        Map<String, Integer> parameters) {
    public AuthoritySpec {
        parameters = Map.copyOf(parameters);
        if (orAddress.isIpv6() || dirPort <= 0) {
            throw new IllegalArgumentException("an authority has an IPv4 address and a DirPort");
        }
    }

    /// Where it answers HTTP.
    public RelayAddress directory() {
        return new RelayAddress(orAddress.ip(), dirPort);
    }
}
