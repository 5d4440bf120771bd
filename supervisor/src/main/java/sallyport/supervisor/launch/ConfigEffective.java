package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.engine.instance.PublishedPorts;
import sallyport.supervisor.config.EffectiveRelay;
import sallyport.supervisor.config.FleetReading;

/// `sallyport config effective`: what a file says of each relay, with all that it inherits, and where
/// each value stands.
@Command(
        name = "effective",
        description = {
            "Shows what a configuration says of each relay, and where each value stands.",
            "Defaults of the fleet, of its group and of its host are included. Shows what would be applied, not what is."
        },
        footer = {"", "As in: sallyport config effective exits-3 --config sallyport.conf"},
        mixinStandardHelpOptions = true)
final class ConfigEffective implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "RELAY", arity = "0..*", description = "Ids of relays; without any, all are shown.")
    private List<String> ids = List.of();

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetReading> reading = config.read(err, false);
        if (reading.isEmpty()) {
            return ExitCode.ERROR;
        }
        List<EffectiveRelay> relays = reading.get().effective();
        List<String> unknown = ids.stream()
                .filter(id -> relays.stream().noneMatch(relay -> relay.id().equals(id)))
                .toList();
        unknown.forEach(id -> err.println(config.file() + " has no relay " + id));
        List<EffectiveRelay> shown = relays.stream()
                .filter(relay -> ids.isEmpty() || ids.contains(relay.id()))
                .filter(relay -> config.host().isEmpty() || relay.host().equals(config.host()))
                .toList();
        if (json) {
            new JsonAnswer()
                    .with(
                            "relays",
                            shown.stream()
                                    .map(relay -> object(relay, reading.get()))
                                    .toList())
                    .print(out);
        } else {
            shown.forEach(relay -> show(relay, reading.get(), out));
        }
        return unknown.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
    }

    private static Map<String, @Nullable Object> object(EffectiveRelay relay, FleetReading reading) {
        return JsonAnswer.object(
                "id", relay.id(),
                "host", relay.host(),
                "settings",
                        relay.settings().stream()
                                .map(setting -> JsonAnswer.object(
                                        "key", setting.key(),
                                        "value", setting.text(),
                                        "place", setting.place(),
                                        "note", setting.note()))
                                .toList(),
                "clients_see", ports(relay, reading).orElse(null));
    }

    private static Optional<String> ports(EffectiveRelay relay, FleetReading reading) {
        return reading.relay(relay.id())
                .map(found -> PublishedPorts.of(found, reading.spec().network().testing()))
                .map(PublishedPorts::toString);
    }

    private static void show(EffectiveRelay relay, FleetReading reading, PrintWriter out) {
        out.println(relay.id() + (relay.host().isEmpty() ? "" : " on " + relay.host()));
        for (EffectiveRelay.Setting setting : relay.settings()) {
            out.println(
                    setting.text().isEmpty()
                            ? "  " + setting.key() + " is not set"
                            : "  " + setting.key() + " = " + setting.text() + "   # " + setting.place());
            if (!setting.note().isEmpty()) {
                out.println("    note: " + setting.note());
            }
        }
        reading.spec().campaigns().stream()
                .filter(campaign -> campaign.nicknames().containsKey(relay.id()))
                .forEach(campaign -> out.println("  campaign " + campaign.name() + ": nickname = "
                        + campaign.nicknames().get(relay.id()) + " from " + campaign.start() + " until "
                        + campaign.end()));
        ports(relay, reading).ifPresent(ports -> out.println("  clients see of its exit policy: " + ports));
        out.println();
    }
}
