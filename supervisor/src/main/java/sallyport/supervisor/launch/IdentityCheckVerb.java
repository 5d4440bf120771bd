package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.FoundKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Storage;
import sallyport.supervisor.assignment.RelayPlace;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.contact.ProofFiles;
import sallyport.supervisor.doctor.Finding;
import sallyport.supervisor.doctor.IdentityCheck;
import sallyport.supervisor.doctor.IdentityFacts;
import sallyport.supervisor.doctor.IdentityFacts.Relay;
import sallyport.supervisor.doctor.ListedRelays;
import sallyport.supervisor.doctor.Severity;

/// `sallyport identity check`.
@Command(
        name = "check",
        description = "Predicts what authorities and validators of contacts will say of the relays of a configuration "
                + "(docs/doctor.md): keys, family, contact and its proof, names and addresses. Makes and "
                + "changes nothing, and works while the relays run.",
        footer = {
            "",
            "Exit codes: 0 nothing found, 1 the configuration is bad, 2 something was found.",
            "Example: sallyport identity check --config fleet.conf"
        },
        mixinStandardHelpOptions = true)
final class IdentityCheckVerb implements Callable<Integer> {
    private static final int FINGERPRINT_FILE_BYTES_MAX = 1_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Files that are published below /.well-known/tor-relay/; looked at where it is given.")
    private @Nullable Path site;

    @Option(names = "--all", description = "Shows each finding, also those of many relays that are alike.")
    private boolean all;

    @Option(names = "--json", description = "Prints a JSON array instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetReading> reading = config.read(err, true);
        if (reading.isEmpty()) {
            return ExitCode.ERROR;
        }
        Path data = reading.get().spec().dataDirectory();
        try (RealWorld world = new RealWorld(data, 1, (_, _, text) -> err.println(text))) {
            List<Finding> findings = new ArrayList<>(secrets());
            ListedRelays listed = ListedRelays.in(data);
            findings.addAll(IdentityCheck.examine(new IdentityFacts(
                    relays(reading.get(), world.storage(), config.progress()),
                    listed.relays(),
                    listed.families(),
                    published(),
                    world.clock().instant())));
            FindingsText.print(findings, all, json, spec.commandLine().getOut());
            return findings.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    private List<Finding> secrets() throws IOException {
        return site == null
                ? List.of()
                : ProofFiles.secretsIn(site).stream()
                        .map(file -> new Finding(
                                "D142",
                                Severity.ERROR,
                                file + " looks like a secret key",
                                "what was published is known to others for ever",
                                "make a new key in its place, and move it away"))
                        .toList();
    }

    /// Lines of the files, without comments.
    private Optional<Map<String, List<String>>> published() throws IOException {
        if (site == null) {
            return Optional.empty();
        }
        Map<String, List<String>> files = new HashMap<>();
        try (Stream<Path> all = Files.list(site)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".txt")).toList()) {
                files.put(
                        String.valueOf(file.getFileName()),
                        Files.readAllLines(file).stream()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                                .toList());
            }
        }
        return Optional.of(files);
    }

    private static List<Relay> relays(FleetReading reading, Storage storage, Progress progress) {
        Map<String, String> recorded = new HashMap<>();
        reading.fleet().ifPresent(fleet -> {
            for (RelayPlace place : fleet.lock().places()) {
                recorded.put(place.id(), place.fingerprint());
            }
        });
        Progress.Work work = progress.work("keys read", reading.spec().relays().size());
        return reading.spec().relays().parallelStream()
                .map(relay -> relay(relay, recorded.getOrDefault(relay.id(), ""), storage))
                .peek(_ -> work.one())
                .toList();
    }

    private static Relay relay(InstanceSpec spec, String recorded, Storage storage) {
        String keys = "relays/" + spec.id() + "/keys";
        Optional<FoundKeys> found = Optional.empty();
        String fault = "";
        try {
            found = FoundKeys.in(storage, keys);
        } catch (KeyFileException e) {
            fault = Failure.text(e);
        }
        List<String> families = List.of();
        String familyFault = "";
        try {
            families = FamilyKeys.read(
                            storage,
                            List.of(keys, FamilyKeys.SHARED_DIRECTORY),
                            spec.family().ids())
                    .ids();
        } catch (KeyFileException e) {
            familyFault = Failure.text(e);
        }
        return new Relay(spec, found, fault, families, familyFault, ranAs(spec, storage), recorded);
    }

    /// The file that a running relay writes beside its keys: nickname and identity.
    private static String ranAs(InstanceSpec spec, Storage storage) {
        try {
            return storage.read("relays/" + spec.id() + "/fingerprint-ed25519", FINGERPRINT_FILE_BYTES_MAX)
                    .map(content -> new String(content, StandardCharsets.US_ASCII)
                            .strip()
                            .replaceAll(".*\\s", ""))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
