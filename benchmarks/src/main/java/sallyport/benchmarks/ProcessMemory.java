package sallyport.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel says of a process's memory (`/proc/PID/smaps_rollup`), in kB of 1,024 bytes.
///
/// @param rss resident; a page that several processes share counts in full
/// @param pss proportional; a shared page counts in parts
record ProcessMemory(long rss, long pss) {
    private static final int LOOK_MILLIS = 5_000;
    private static final Pattern SIZE = Pattern.compile("(Rss|Pss): +(\\d+) kB");

    static ProcessMemory of(long pid) throws IOException {
        long rss = 0;
        long pss = 0;
        for (String line : Files.readAllLines(Path.of("/proc", "" + pid, "smaps_rollup"))) {
            Matcher matcher = SIZE.matcher(line);
            if (matcher.matches()) {
                long kilobytes = Long.parseLong(matcher.group(2));
                if (matcher.group(1).equals("Rss")) {
                    rss = kilobytes;
                } else {
                    pss = kilobytes;
                }
            }
        }
        return new ProcessMemory(rss, pss);
    }

    /// Of several processes together.
    static ProcessMemory of(List<Long> pids) throws IOException {
        ProcessMemory sum = new ProcessMemory(0, 0);
        for (long pid : pids) {
            sum = sum.plus(of(pid));
        }
        return sum;
    }

    private ProcessMemory plus(ProcessMemory other) {
        return new ProcessMemory(rss + other.rss, pss + other.pss);
    }

    /// Looks every five seconds for that long, oldest first.
    static List<ProcessMemory> during(Duration time, List<Long> pids) throws IOException, InterruptedException {
        List<ProcessMemory> looks = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (looks.isEmpty() || System.nanoTime() < end) {
            Thread.sleep(LOOK_MILLIS);
            looks.add(of(pids));
        }
        return looks;
    }

    /// What it was most of the time, by PSS.
    static ProcessMemory median(List<ProcessMemory> looks) {
        return sorted(looks).get(looks.size() / 2);
    }

    /// What it was most of the time, and the extremes.
    static String summary(List<ProcessMemory> looks) {
        List<ProcessMemory> sorted = sorted(looks);
        return median(looks) + String.format(" (PSS %,d..%,d)", sorted.getFirst().pss, sorted.getLast().pss);
    }

    private static List<ProcessMemory> sorted(List<ProcessMemory> looks) {
        return looks.stream()
                .sorted(Comparator.comparingLong(ProcessMemory::pss))
                .toList();
    }

    @Override
    public String toString() {
        return String.format("RSS %,d kB, PSS %,d kB", rss, pss);
    }
}
