package sallyport.benchmarks.soak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.benchmarks.Jcmd;
import sallyport.lab.process.SallyportProcess;

/// What our process holds at one moment: what it says of itself, and what the kernel and the JVM say of it.
///
/// @param counts what it logs on SIGUSR1, sums of all relays: links, circuits, streams and so on, and bytes per purpose
/// @param fds open FDs by kind
/// @param live objects of ours after a full collection, by class
/// @param heapBytes all objects after that collection
/// @param otherKib NMT's "Other": what libraries hold beside the heap, Netty's buffers above all
/// @param residentBytes VmRSS
record Holdings(
        Map<String, Long> counts,
        Map<String, Long> fds,
        Map<String, Long> live,
        long heapBytes,
        long otherKib,
        long residentBytes) {
    private static final Pattern COUNT = Pattern.compile(" ([a-z-]+)=(\\d+)");
    private static final Pattern HISTOGRAM =
            Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+((?:sallyport|io\\.netty)\\.\\S+).*");
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)\\s*");
    private static final Pattern OTHER = Pattern.compile("-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB.*");
    private static final int COUNTS_PATIENCE_MILLIS = 30_000;
    private static final int POLL_MILLIS = 50;

    /// Makes the JVM collect all garbage, then looks.
    static Holdings of(SallyportProcess process, int relays, int loops) throws IOException, InterruptedException {
        // Twice: what a cleaner frees after the first collection is garbage in the second.
        Jcmd.run(process.pid(), "GC.run");
        Thread.sleep(1_000);
        List<String> histogram = Jcmd.run(process.pid(), "GC.class_histogram");
        Map<String, Long> live = new TreeMap<>();
        long heap = 0;
        for (String line : histogram) {
            Matcher matcher = HISTOGRAM.matcher(line);
            if (matcher.matches()) {
                live.merge(matcher.group(2), Long.valueOf(matcher.group(1)), Long::sum);
            }
            Matcher total = TOTAL.matcher(line);
            if (total.matches()) {
                heap = Long.parseLong(total.group(1));
            }
        }
        long other = Jcmd.run(process.pid(), "VM.native_memory", "summary").stream()
                .map(OTHER::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
        return new Holdings(
                countsOf(process, relays, loops), fdsOf(process.pid()), live, heap, other, process.residentBytes());
    }

    /// Sums of what every relay and loop says on SIGUSR1.
    static Map<String, Long> countsOf(SallyportProcess process, int relays, int loops)
            throws IOException, InterruptedException {
        int before = countLines(process).size();
        process.signal("USR1");
        List<String> lines = List.of();
        for (int waited = 0; lines.size() < relays + loops; waited += POLL_MILLIS) {
            if (waited > COUNTS_PATIENCE_MILLIS) {
                throw new IOException("no answer to SIGUSR1: " + process.lastWords());
            }
            Thread.sleep(POLL_MILLIS);
            List<String> all = countLines(process);
            lines = all.subList(before, all.size());
        }
        Map<String, Long> sums = new TreeMap<>();
        for (String line : lines) {
            Matcher matcher = COUNT.matcher(line);
            while (matcher.find()) {
                sums.merge(matcher.group(1), Long.valueOf(matcher.group(2)), Long::sum);
            }
        }
        sums.remove("loop");
        return sums;
    }

    private static List<String> countLines(SallyportProcess process) {
        return process.lines().stream()
                .filter(line -> line.contains(" counts: "))
                .toList();
    }

    private static Map<String, Long> fdsOf(long pid) throws IOException {
        Map<String, String> sockets = new TreeMap<>();
        for (String kind : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", "" + pid, "net", kind))) {
                String[] words = line.strip().split("\\s+", -1);
                // proc_pid_net(5): local and remote address, st (0A listens), …, inode the tenth.
                if (words.length > 9) {
                    sockets.put("socket:[" + words[9] + "]", words[3].equals("0A") ? "listener" : kind.substring(0, 3));
                }
            }
        }
        Map<String, Long> kinds = new TreeMap<>();
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc", "" + pid, "fd"))) {
            for (Path fd : fds) {
                try {
                    String target = Files.readSymbolicLink(fd).toString();
                    String kind = target.startsWith("socket:")
                            ? sockets.getOrDefault(target, "other socket")
                            : target.startsWith("/") ? "file" : target.replaceAll("[:\\[].*", "") + kindOf(target);
                    kinds.merge(kind, 1L, Long::sum);
                } catch (NoSuchFileException closedMeanwhile) {
                    kinds.merge("closing", 0L, Long::sum);
                }
            }
        }
        return kinds;
    }

    private static String kindOf(String target) {
        return target.startsWith("anon_inode:") ? " " + target.replaceAll("anon_inode:|[\\[\\]]", "") : "";
    }
}
