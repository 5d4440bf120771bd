package sallyport.supervisor.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.supervisor.budget.Proc;

/// The machine we are on.
public final class ThisMachine implements Machine {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

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
    public long fdsMax() {
        return Proc.openFilesMax(pid.orElse(ProcessHandle.current().pid())).orElse(Long.MAX_VALUE);
    }

    /// Of the control group, where that has less.
    @Override
    public Optional<Long> memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Optional.of(system.getTotalMemorySize())
                : Optional.empty();
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

    private static boolean isSecret(Path file) {
        return Files.isRegularFile(file) && file.getFileName().toString().contains("secret");
    }
}
