package sallyport.engine.host;

import java.util.ArrayList;
import java.util.List;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.InstanceSpec;

/// What two specs of one relay differ in, by the keys of a configuration file.
final class Differences {
    private Differences() {}

    static List<String> between(InstanceSpec before, InstanceSpec next) {
        List<String> keys = new ArrayList<>();
        note(keys, "nickname", before.nickname(), next.nickname());
        note(keys, "contact", before.contact(), next.contact());
        note(keys, "publish", before.publishing().publishes(), next.publishing().publishes());
        note(
                keys,
                "assume-reachable",
                before.publishing().assumesReachable(),
                next.publishing().assumesReachable());
        note(keys, "directory-cache", before.servesDirectory(), next.servesDirectory());
        noteExit(keys, before.exit(), next.exit());
        note(keys, "outbound-bind-address-exit", before.outboundExit(), next.outboundExit());
        note(keys, "address and or-port", before.orAddresses(), next.orAddresses());
        note(keys, "listen", before.listeningElsewhere(), next.listeningElsewhere());
        note(keys, "outbound-bind-address-or", before.outboundOr(), next.outboundOr());
        note(keys, "family", before.family(), next.family());
        note(keys, "bandwidth", before.bandwidth(), next.bandwidth());
        note(keys, "accounting", before.accounting(), next.accounting());
        return keys;
    }

    private static void noteExit(List<String> keys, ExitSpec before, ExitSpec next) {
        note(keys, "exit-policy", before.policy(), next.policy());
        note(keys, "exit-policy-reject-private", before.rejectsPrivate(), next.rejectsPrivate());
        note(
                keys,
                "exit-policy-reject-local-interfaces",
                before.rejectsLocalInterfaces(),
                next.rejectsLocalInterfaces());
        note(keys, "exit-policy-cuts-streams", before.cutsStreams(), next.cutsStreams());
        note(keys, "ipv6-exit", before.ipv6(), next.ipv6());
    }

    private static void note(List<String> changed, String key, Object before, Object after) {
        if (!before.equals(after)) {
            changed.add(key);
        }
    }
}
