package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.apply.DurableFiles;
import sallyport.supervisor.assignment.AddressPair;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.RelayPlace;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.HostChoice;
import sallyport.supervisor.config.PooledFleet;

/// `sallyport relay move`: gives a relay another place in the lock file, for `apply` to take over.
@Command(
        name = "move",
        description = {
            "Gives a relay of a file with pools another address or port, for `apply` to take over.",
            "Writes its line of the lock file. Refuses a place that the configuration does not allow, or that is taken."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 written, 1 an error, 3 refused; then nothing was written.",
            "Example: sallyport relay move exits-3 --address 198.51.100.9 --config fleet.conf"
        })
final class RelayMove implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "ID", description = "The relay, as `relay list` shows it.")
    private String id = "";

    @Option(
            names = "--address",
            paramLabel = "IPV4",
            description = "Its new address, of a pool of its group; the IPv6 address of that place comes along.")
    private @Nullable String address;

    @Option(names = "--port", paramLabel = "PORT", description = "Its new port, one of its or-port.")
    private @Nullable Integer port;

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        if (address == null && port == null) {
            err.println("say where to: --address, --port or both");
            return ExitCode.USAGE;
        }
        Optional<FleetReading> reading = config.read(err, false);
        if (reading.isEmpty()) {
            return ExitCode.ERROR;
        }
        Optional<PooledFleet> fleet = reading.get().fleet();
        if (fleet.isEmpty()) {
            err.println(config.file() + " has no pools: change the address of the relay there");
            return ExitCode.ERROR;
        }
        Optional<RelayPlace> old = fleet.get().before().places().stream()
                .filter(place -> place.id().equals(id))
                .findFirst();
        if (old.isEmpty()) {
            err.println(fleet.get().lockFile() + " has no relay " + id
                    + "; what was never applied has no place yet that it could leave");
            return ExitCode.ERROR;
        }
        return move(fleet.get(), old.get());
    }

    private int move(PooledFleet fleet, RelayPlace old) throws IOException {
        RelayPlace wanted = new RelayPlace(
                old.id(),
                old.group(),
                old.number(),
                old.host(),
                old.nickname(),
                // The address of IPv6 follows from that of IPv4.
                address == null ? old.addresses() : new AddressPair(address, ""),
                port == null ? old.port() : port,
                old.exit(),
                old.fingerprint());
        Optional<String> refusal = taken(fleet.before(), wanted);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        Lock moved = fleet.before()
                .with(fleet.before().places().stream()
                        .map(place -> place.id().equals(id) ? wanted : place)
                        .toList());
        Optional<RelayPlace> given = assigned(fleet, moved);
        if (given.isEmpty()
                || !given.get().addresses().ipv4().equals(wanted.addresses().ipv4())
                || given.get().port() != wanted.port()) {
            return refused(config.file() + " does not allow it: the address has to be one of a pool of group "
                    + old.group() + " on host " + old.host() + " that is not reserved, the port one of its or-port,"
                    + " and neither may be set for this relay itself");
        }
        new DurableFiles().replace(fleet.lockFile(), moved.text());
        report(fleet, old, given.get());
        return ExitCode.OK;
    }

    /// Why it cannot have a place that is another's.
    private Optional<String> taken(Lock lock, RelayPlace wanted) {
        String ipv4 = wanted.addresses().ipv4();
        List<RelayPlace> there = lock.places().stream()
                .filter(place -> !place.id().equals(id))
                .filter(place -> place.addresses().ipv4().equals(ipv4)
                        || place.exit().ipv4().equals(ipv4))
                .toList();
        for (RelayPlace other : there) {
            if (other.exit().ipv4().equals(ipv4)) {
                return Optional.of(ipv4 + " is where the exit traffic of " + other.id() + " comes from");
            }
            if (other.port() == wanted.port()) {
                return Optional.of(ipv4 + " port " + wanted.port() + " is the place of " + other.id()
                        + "; move that one first, or take another port");
            }
        }
        return lock.relaysPerAddress() > 0 && there.size() >= lock.relaysPerAddress()
                ? Optional.of(ipv4 + " has " + there.size() + " relays already, as many as fleet.relays-per-address"
                        + " allows")
                : Optional.empty();
    }

    /// What the configuration makes of that lock; nothing where it has problems with it.
    private Optional<RelayPlace> assigned(PooledFleet fleet, Lock moved) throws IOException {
        Path directory = Files.createTempDirectory("sallyport-move");
        Path file = directory.resolve("moved.conf");
        Path lock = directory.resolve("moved.conf.lock");
        try {
            Files.writeString(file, fleet.text());
            Files.writeString(lock, moved.text());
            return new ConfigReader()
                    .read(file, HostChoice.ANY)
                    .fleet()
                    .flatMap(read -> read.lock().places().stream()
                            .filter(place -> place.id().equals(id))
                            .findFirst());
        } catch (BadConfiguration e) {
            return Optional.empty();
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(lock);
            Files.delete(directory);
        }
    }

    private int refused(String why) {
        if (json) {
            new JsonAnswer()
                    .with("outcome", "refused")
                    .with("message", why)
                    .print(spec.commandLine().getOut());
        } else {
            spec.commandLine().getErr().println("refused: " + why);
        }
        return ExitCode.REFUSED;
    }

    private void report(PooledFleet fleet, RelayPlace from, RelayPlace to) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            new JsonAnswer()
                    .with("outcome", "ok")
                    .with("relay", id)
                    .with("from", from.addresses() + " port " + from.port())
                    .with("to", to.addresses() + " port " + to.port())
                    .with("lock", fleet.lockFile().toString())
                    .print(out);
            return;
        }
        out.println(id + " is to move from " + from.addresses() + " port " + from.port() + " to " + to.addresses()
                + " port " + to.port() + ", says " + fleet.lockFile() + " now");
        out.println(
                "next: sallyport plan --config " + config.file() + ", then: sallyport apply --config " + config.file());
    }
}
