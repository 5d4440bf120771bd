package sallyport.supervisor.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;

/// What the Tor Project asks of operators: to be reachable, to say which relays are theirs, to keep keys
/// to themselves.
final class ConductCheck implements Check {
    private static final int NAMED_MAX = 3;

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        List<Finding> findings = new ArrayList<>();
        List<Path> open = new ArrayList<>(
                machine.secretsOpenToOthers(fleet.dataDirectory().resolve("relays")));
        open.addAll(machine.secretsOpenToOthers(fleet.dataDirectory().resolve("family-keys")));
        if (!open.isEmpty()) {
            findings.add(new Finding(
                    "D153",
                    Severity.ERROR,
                    "open to others: " + some(open.stream().map(Path::toString).toList()),
                    "whoever has a relay's keys can be that relay",
                    "chmod -R go-rwx " + fleet.dataDirectory()));
        }
        if (fleet.network().testing()) {
            return findings;
        }
        List<String> silent = fleet.relays().stream()
                .filter(relay -> relay.contact().isEmpty())
                .map(InstanceSpec::id)
                .toList();
        if (!silent.isEmpty()) {
            findings.add(new Finding(
                    "D143",
                    Severity.WARNING,
                    "without contact: " + some(silent),
                    "nobody can tell you of a problem, and relays without contact are removed first",
                    "contact { email = \"...\" } for each relay"));
        }
        boolean alone = fleet.relays().size() > 1
                && fleet.relays().stream()
                        .anyMatch(relay -> !relay.family().together()
                                && relay.family().ids().isEmpty());
        if (alone) {
            findings.add(new Finding(
                    "D140",
                    Severity.ERROR,
                    "the relays do not declare each other as a family",
                    "a circuit could go through two of them, which Tor forbids: such relays are removed",
                    "family.together = true, or family.ids with a family key"));
        }
        return findings;
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
        return names.size() <= NAMED_MAX ? shown : shown + " and " + (names.size() - NAMED_MAX) + " more";
    }
}
