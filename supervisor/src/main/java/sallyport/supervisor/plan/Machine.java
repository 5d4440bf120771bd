package sallyport.supervisor.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What this machine lets a process have.
///
/// @param filesMax how many files the process may open at most (RLIMIT_NOFILE, the hard one); 0 when it is not known
/// @param kernelFilesMax how many the kernel lets any process open (`fs.nr_open`); 0 when it is not known
/// @param memoryBytes what could be had without swapping; 0 when it is not known
public record Machine(long filesMax, long kernelFilesMax, long memoryBytes) {
    // Community measurements: a busy relay holds some 6,500 links; an exit's own streams come on top.
    private static final long FILES_OF_RELAY = 6_500;
    // As the process sets aside for files, listeners and DNS.
    private static final long FILES_SET_ASIDE = 256;
    // docs/memory.md: a process with fifty idle relays, with what a consensus leaves behind.
    private static final long IDLE_BYTES = 350L << 20;
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\S+)\\s+(\\S+)");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]{1,15}) kB");

    /// As the process that calls finds it.
    ///
    /// @param pid of the process that runs the relays, or of the calling one
    public static Machine here(long pid) {
        return new Machine(
                number(OPEN_FILES, read(Path.of("/proc/" + pid + "/limits")), 2),
                number(Pattern.compile("([0-9]{1,18})"), read(Path.of("/proc/sys/fs/nr_open")), 1),
                number(AVAILABLE, read(Path.of("/proc/meminfo")), 1) << 10);
    }

    /// What so many relays need, beside what there is.
    ///
    /// @param queueBytes what may wait in queues; 0: as the JVM's heap allows
    /// @param warnings get what does not suffice, with the way out
    List<String> needs(int relays, long queueBytes, List<String> warnings) {
        List<String> needs = new ArrayList<>();
        long files = relays * FILES_OF_RELAY + FILES_SET_ASIDE;
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
            long bytes = queueBytes + IDLE_BYTES;
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

    private static long number(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() && matcher.group(group).matches("[0-9]{1,18}") ? Long.parseLong(matcher.group(group)) : 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
