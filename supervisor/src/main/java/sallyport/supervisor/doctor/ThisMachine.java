package sallyport.supervisor.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.budget.Proc;

/// The machine we are on.
public final class ThisMachine implements Machine {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    // The kernel cuts a name after 15 letters.
    private static final Set<String> CLOCK_SETTERS =
            Set.of("chronyd", "ntpd", "ntpd-rs", "openntpd", "systemd-timesyn", "ptp4l", "phc2sys");
    // What is renewed by itself, signing and onion keys, is of no use in a backup.
    private static final Pattern IDENTITY =
            Pattern.compile("secret_id_key|ed25519_master_id_secret_key.*|.*\\.secret_family_key");

    private final OptionalLong pid;

    /// @param pid of the process that runs the relays; empty when none does
    public ThisMachine(OptionalLong pid) {
        this.pid = pid;
    }

    @Override
    public Optional<String> text(Path file) {
        return Proc.text(file);
    }

    @Override
    public boolean has(InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Limits limits() {
        return Limits.here(pid.orElse(ProcessHandle.current().pid()));
    }

    @Override
    public List<Path> secretsOpenToOthers(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> open = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(ThisMachine::isSecret).sorted().toList()) {
                Set<PosixFilePermission> permissions =
                        EnumSet.copyOf(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
                permissions.retainAll(OF_OTHERS);
                if (!permissions.isEmpty()) {
                    open.add(file);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return open; // what we may not see is not open to all
        }
        return open;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public boolean setsClock() {
        List<String> names = ProcessHandle.allProcesses()
                .flatMap(process -> Proc.text(Path.of("/proc/" + process.pid() + "/comm")).stream())
                .map(String::strip)
                .toList();
        return names.isEmpty() || names.stream().anyMatch(CLOCK_SETTERS::contains);
    }

    @Override
    public Optional<Instant> changed(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Instant> newestIdentity(Path dataDirectory) {
        return Stream.of("relays", "family-keys")
                .map(dataDirectory::resolve)
                .filter(Files::isDirectory)
                .flatMap(directory -> identities(directory).stream())
                .flatMap(file -> changed(file).stream())
                .max(Comparator.naturalOrder());
    }

    private static List<Path> identities(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file ->
                            IDENTITY.matcher(file.getFileName().toString()).matches())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // of what we may not see we say nothing
        }
    }

    @Override
    public ListedRelays listed(Path dataDirectory) {
        try {
            return ListedRelays.in(dataDirectory);
        } catch (IOException e) {
            return ListedRelays.NONE;
        }
    }

    @Override
    public Optional<DiskUse> disk(Path dataDirectory) {
        try {
            return Optional.of(DiskUse.of(dataDirectory));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean isSecret(Path file) {
        return Files.isRegularFile(file) && file.getFileName().toString().contains("secret");
    }
}
