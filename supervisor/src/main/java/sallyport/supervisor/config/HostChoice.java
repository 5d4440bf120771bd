package sallyport.supervisor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of the hosts of a file this is.
///
/// @param wanted what the operator said; empty when nothing was said
/// @param machine the name that this machine gives itself
/// @param needed whether the file is of no use without a host
public record HostChoice(String wanted, String machine, boolean needed) {
    /// For who looks at a file without running it: nobody said which host, and it does not matter.
    public static final HostChoice ANY = new HostChoice("", "", false);

    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    /// @param wanted empty when nothing was said
    public static HostChoice ofThisMachine(String wanted, boolean needed) {
        try {
            return new HostChoice(wanted, Files.readString(NAME).strip(), needed);
        } catch (IOException e) {
            return new HostChoice(wanted, "", needed);
        }
    }

    /// Empty when it cannot be said; a problem when it was said wrongly, or is needed.
    String choose(Set<String> hosts, Problems problems) {
        if (hosts.isEmpty()) {
            return ""; // which was said
        }
        if (!wanted.isEmpty()) {
            if (!hosts.contains(wanted)) {
                @Nullable String nearest = Spelling.nearest(wanted, hosts);
                problems.add(
                        null,
                        "hosts",
                        "has no host " + Printable.quoted(wanted) + ", which --host names",
                        nearest == null ? "use one of " + String.join(", ", hosts) : "did you mean " + nearest + "?");
            }
            return wanted;
        }
        if (hosts.size() == 1) {
            return hosts.iterator().next();
        }
        String first = machine.contains(".") ? machine.substring(0, machine.indexOf('.')) : machine;
        if (hosts.contains(machine) || hosts.contains(first)) {
            return hosts.contains(machine) ? machine : first;
        }
        if (needed) {
            problems.add(
                    null,
                    "hosts",
                    "has no host with the name of this machine, " + Printable.quoted(machine),
                    "say which one it is with --host: " + String.join(", ", hosts));
        }
        return "";
    }
}
