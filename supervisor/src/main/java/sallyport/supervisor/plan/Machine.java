package sallyport.supervisor.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.supervisor.budget.Needs;
import sallyport.supervisor.budget.Proc;

/// What this machine lets a process have.
///
/// @param filesMax how many files the process may open at most (RLIMIT_NOFILE, the hard one); 0 when it is not known
/// @param kernelFilesMax how many the kernel lets any process open (`fs.nr_open`); 0 when it is not known
/// @param memoryBytes what could be had without swapping; 0 when it is not known
public record Machine(long filesMax, long kernelFilesMax, long memoryBytes) {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18})");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]{1,15}) kB");

    /// As the process that calls finds it.
    ///
    /// @param pid of the process that runs the relays, or of the calling one
    public static Machine here(long pid) {
        return new Machine(
                Proc.openFilesMax(pid).orElse(0),
                number(NUMBER, Proc.setting("fs.nr_open")),
                number(AVAILABLE, Path.of("/proc/meminfo")) << 10);
    }

    /// What so many relays need, beside what there is.
    ///
    /// @param queueBytes what may wait in queues; 0: as the JVM's heap allows
    /// @param warnings get what does not suffice, with the way out
    List<String> needs(int relays, long queueBytes, List<String> warnings) {
        List<String> needs = new ArrayList<>();
        Needs relaysNeed = new Needs(relays);
        long files = relaysNeed.fds();
        needs.add("open files: about " + files + " when all relays are busy; this process may have " + shown(filesMax)
                + ", any process " + shown(kernelFilesMax));
        if (filesMax > 0 && filesMax < files) {
            warnings.add("open files: " + filesMax + " are few for " + relays + " busy relays; set LimitNOFILE=" + files
                    + " (ulimit -n), at least");
        }
        if (kernelFilesMax > 0 && kernelFilesMax < files) {
            warnings.add("open files: the kernel gives a process " + kernelFilesMax + " at most; set sysctl fs.nr_open="
                    + files);
        }
        if (queueBytes > 0) {
            long bytes = queueBytes + relaysNeed.idleBytes();
            needs.add("memory: about " + mebibytes(bytes) + " when all queues are full; available "
                    + (memoryBytes == 0 ? "unknown" : mebibytes(memoryBytes)));
            if (memoryBytes > 0 && memoryBytes < bytes) {
                warnings.add("memory: " + mebibytes(memoryBytes) + " are available and " + mebibytes(bytes)
                        + " may be needed; lower process.memory-in-queues-max");
            }
        }
        return needs;
    }

    private static String shown(long value) {
        return value == 0 ? "an unknown number" : Long.toString(value);
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private static long number(Pattern pattern, Path file) {
        Matcher matcher = pattern.matcher(Proc.text(file).orElse(""));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
