package sallyport.supervisor.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.ResolverSpec;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.OwnParameters;

/// Compares what runs with what a new configuration asks for.
public final class Reload {
    /// Keys of a relay's place.
    public static final Set<String> PLACE_KEYS = Set.of("address", "or-port");

    private Reload() {}

    /// The changes in the order in which they are to be done: what leaves first, so that its addresses are
    /// free for what comes.
    public static List<Change> between(FleetSpec running, FleetSpec wanted) {
        List<Change> changes = new ArrayList<>();
        List<String> processKeys = processKeys(running, wanted);
        if (!processKeys.isEmpty()) {
            changes.add(new Change.Restart("", processKeys));
        }
        List<String> shared = sharedKeys(running.process(), wanted.process());
        note(
                shared,
                "process.shutdown-wait",
                running.run().shutdownWait(),
                wanted.run().shutdownWait());
        note(
                shared,
                "process.heartbeat-period",
                running.run().heartbeatPeriod(),
                wanted.run().heartbeatPeriod());
        note(shared, "campaigns", running.campaigns(), wanted.campaigns());
        if (!shared.isEmpty()) {
            changes.add(new Change.Process(wanted.process().withFixedOf(running.process()), shared));
        }
        Map<String, InstanceSpec> before = byId(running.relays());
        Map<String, InstanceSpec> after = byId(wanted.relays());
        before.forEach((id, spec) -> {
            if (!after.containsKey(id)) {
                changes.add(new Change.Remove(spec));
            }
        });
        after.forEach((id, spec) -> {
            InstanceSpec old = before.get(id);
            if (old == null) {
                changes.add(new Change.Add(spec));
            } else {
                addDifference(old, spec, changes);
            }
        });
        return changes;
    }

    private static void addDifference(InstanceSpec running, InstanceSpec wanted, List<Change> changes) {
        List<String> live = new ArrayList<>();
        note(live, "nickname", running.nickname(), wanted.nickname());
        note(live, "outbound-bind-address-exit", running.outboundExit(), wanted.outboundExit());
        noteExit(live, running.exit(), wanted.exit());
        note(live, "contact", running.contact(), wanted.contact());
        note(live, "directory-cache", running.servesDirectory(), wanted.servesDirectory());
        note(
                live,
                "publish",
                running.publishing().publishes(),
                wanted.publishing().publishes());
        note(
                live,
                "assume-reachable",
                running.publishing().assumesReachable(),
                wanted.publishing().assumesReachable());
        note(
                live,
                "identity-elsewhere",
                running.publishing().insists(),
                wanted.publishing().insists());
        note(live, "address", ips(running), ips(wanted));
        note(live, "or-port", port(running), port(wanted));
        note(live, "listen", running.listeningElsewhere(), wanted.listeningElsewhere());
        note(live, "family", running.family(), wanted.family());
        note(live, "statistics", running.statistics(), wanted.statistics());
        note(live, "bandwidth", running.bandwidth(), wanted.bandwidth());
        note(live, "accounting", running.accounting(), wanted.accounting());
        if (!live.isEmpty()) {
            changes.add(new Change.Update(wanted.dialingAs(running), live));
        }
        List<String> waiting = new ArrayList<>();
        note(waiting, "outbound-bind-address-or", running.outboundOr(), wanted.outboundOr());
        if (!waiting.isEmpty()) {
            changes.add(new Change.Restart(wanted.id(), waiting));
        }
    }

    private static void noteExit(List<String> keys, ExitSpec running, ExitSpec wanted) {
        note(keys, "ipv6-exit", running.ipv6(), wanted.ipv6());
        note(keys, "exit-policy", running.policy(), wanted.policy());
        note(keys, "exit-policy-reject-private", running.rejectsPrivate(), wanted.rejectsPrivate());
        note(
                keys,
                "exit-policy-reject-local-interfaces",
                running.rejectsLocalInterfaces(),
                wanted.rejectsLocalInterfaces());
        note(keys, "exit-policy-cuts-streams", running.cutsStreams(), wanted.cutsStreams());
    }

    private static List<String> processKeys(FleetSpec running, FleetSpec wanted) {
        List<String> keys = new ArrayList<>();
        NetworkSpec old = running.network();
        NetworkSpec now = wanted.network();
        note(keys, "data-directory", running.dataDirectory(), wanted.dataDirectory());
        note(keys, "network.kind", old.testing(), now.testing());
        if (old.testing() && now.testing()) {
            note(keys, "network.authorities", texts(old.authorities()), texts(now.authorities()));
        }
        note(keys, "network.fallbacks", texts(old.fallbacks()), texts(now.fallbacks()));
        note(
                keys,
                "process.memory-in-queues-max",
                running.process().memoryInQueuesMaxBytes(),
                wanted.process().memoryInQueuesMaxBytes());
        note(
                keys,
                "process.directory-cache-max",
                running.process().directoryCacheMaxBytes(),
                wanted.process().directoryCacheMaxBytes());
        note(
                keys,
                "process.starts-at-once",
                running.process().startsAtOnce(),
                wanted.process().startsAtOnce());
        note(keys, "process.metrics", running.run().metrics(), wanted.run().metrics());
        return keys;
    }

    private static List<String> sharedKeys(ProcessSpec running, ProcessSpec wanted) {
        List<String> keys = new ArrayList<>();
        ResolverSpec old = running.resolver();
        ResolverSpec now = wanted.resolver();
        note(keys, "resolver", old.servers(), now.servers());
        note(keys, "resolver-randomize-case", old.randomCase(), now.randomCase());
        note(
                keys,
                "resolver-detect-hijacking",
                old.hijackDetection().enabled(),
                now.hijackDetection().enabled());
        note(
                keys,
                "resolver-test-names",
                old.hijackDetection().names(),
                now.hijackDetection().names());
        noteRules(keys, running.rules(), wanted.rules());
        note(
                keys,
                "process.bandwidth",
                running.sharing().bandwidth(),
                wanted.sharing().bandwidth());
        note(
                keys,
                "process.shedding",
                running.sharing().shedding(),
                wanted.sharing().shedding());
        Map<String, Integer> before = running.ownParameters();
        Map<String, Integer> after = wanted.ownParameters();
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(parameter -> !Objects.equals(before.get(parameter), after.get(parameter)))
                .map(OwnParameters::keyOf)
                .sorted()
                .forEach(keys::add);
        return keys;
    }

    private static void noteRules(List<String> keys, HouseRules running, HouseRules wanted) {
        note(
                keys,
                "process.signing-key-lifetime",
                running.keys().signing(),
                wanted.keys().signing());
        note(
                keys,
                "process.link-certificate-lifetime",
                running.keys().linkCertificate(),
                wanted.keys().linkCertificate());
    }

    private static void note(List<String> keys, String key, Object running, Object wanted) {
        if (!running.equals(wanted)) {
            keys.add(key);
        }
    }

    /// Authorities hold arrays, which do not compare by content.
    private static List<String> texts(List<Authority> authorities) {
        return authorities.stream()
                .map(a -> String.join(
                        " ",
                        a.nickname(),
                        Arrays.toString(a.v3Ident()),
                        Arrays.toString(a.rsaDigest()),
                        a.dirAddress().toString(),
                        Integer.toString(a.orPort()),
                        String.valueOf(a.ipv6())))
                .toList();
    }

    private static List<String> ips(InstanceSpec spec) {
        return spec.orAddresses().stream().map(address -> address.host()).toList();
    }

    private static int port(InstanceSpec spec) {
        return spec.orAddresses().getFirst().port();
    }

    private static Map<String, InstanceSpec> byId(List<InstanceSpec> relays) {
        Map<String, InstanceSpec> byId = new LinkedHashMap<>();
        relays.forEach(spec -> byId.put(spec.id(), spec));
        return byId;
    }
}
