package sallyport.engine.instance;

import java.util.List;
import java.util.Objects;
import sallyport.engine.netdoc.ExitPolicy;

/// What clients will see of a relay's exit policy: the ports that are open to most addresses, as a
/// microdescriptor's `p` and `p6` lines have them (dir-spec). Says nothing of addresses that are refused
/// one by one.
///
/// @param isExit whether it lets any stream out
/// @param ipv4 as `accept 80,443`; empty when there is no such port
/// @param ipv6 the same
/// @param deservesExitFlag whether the policy lets authorities give the flag Exit
public record PublishedPorts(boolean isExit, String ipv4, String ipv6, boolean deservesExitFlag) {
    private static final String NONE = "reject 1-65535";

    /// @param testing whether private networks are as good as others, as in a testing network
    /// @throws IllegalArgumentException when a policy line is wrong: whoever read the file has checked them
    public static PublishedPorts of(InstanceSpec spec, boolean testing) {
        ExitPolicy policy =
                ExitSettingsMaker.of(spec, new OwnAddresses(), List::of).policy();
        String ipv4 = policy.ipv4Summary();
        String ipv6 = Objects.requireNonNullElse(policy.ipv6Summary(), "");
        return new PublishedPorts(
                !policy.rejectsAll(), ipv4.equals(NONE) ? "" : ipv4, ipv6, policy.deservesExitFlag(testing));
    }

    /// In one line, for people.
    @Override
    public String toString() {
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            return isExit ? "no port of most addresses" : "nothing";
        }
        return (ipv4.isEmpty() ? "nothing" : ipv4) + "; IPv6: " + (ipv6.isEmpty() ? "nothing" : ipv6);
    }
}
