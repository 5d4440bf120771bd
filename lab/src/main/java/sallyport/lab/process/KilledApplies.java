package sallyport.lab.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Kills `sallyport apply` of a growing fleet with SIGKILL at a random moment, applies again, and
/// compares byte for byte what is there then with what an apply leaves that nobody disturbed.
///
/// Both begin from the same files at the same path and have the same keys in the end; what is compared is
/// the configuration, the lock and every file of the history but for the time in it.
public final class KilledApplies {
    private static final int BEFORE = 2;
    private static final int AFTER = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    // What the JVM of a verb that lives for a second needs.
    private static final List<String> FAST = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");
    // The first third of an apply is the JVM's; with a process to hand over to it takes twice as long, or longer.
    private static final int JVM_PART = 3;
    private static final int HAND_OVER = 3;
    private static final String LOCK_FILE = "sallyport.conf.lock";

    private final Leash leash;
    private final FleetConfig config;
    private final Random random;
    private final Path work;
    private final Path base;
    private long undisturbedMillis;

    /// What one kill left behind.
    ///
    /// @param killedMillis after the start
    /// @param left what was there then, in a few words
    public record Kill(long killedMillis, String left) {}

    /// @param leash whose processes end with it
    /// @param pool addresses, six at least
    public KilledApplies(Leash leash, List<String> pool, long seed) throws IOException, InterruptedException {
        this.leash = leash;
        this.random = new Random(seed);
        this.work = leash.directory().resolve("work");
        this.base = leash.directory().resolve("base");
        this.config = new FleetConfig(
                work.resolve("data"),
                List.of("nobody orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:1"
                        + " 89ABCDEF0123456789ABCDEF0123456789ABCDEF"),
                "127.0.0.1:53",
                pool,
                "killed",
                BEFORE,
                List.of("resolver-detect-hijacking = false"));
        Files.createDirectories(work);
        Files.writeString(work.resolve("sallyport.conf"), config.text());
        applyWhole();
        copy(work, base);
    }

    /// One kill of an apply beside no process.
    public Kill kill() throws IOException, InterruptedException {
        begin();
        // The moments after the end are moments, too.
        Kill kill = killOnce(undisturbedMillis * 11 / 10);
        applyWhole();
        compare(kill);
        return kill;
    }

    /// The same while a process runs the fleet, which takes over what is applied.
    ///
    /// @param process whether the process is killed, and started again, instead of `apply`
    public Kill killBesideAProcess(boolean process) throws IOException, InterruptedException {
        begin();
        Process run = startProcess();
        try {
            Kill kill;
            if (process) {
                kill = killProcess(run);
                run = startProcess();
            } else {
                kill = killOnce(HAND_OVER * undisturbedMillis);
            }
            applyWhole();
            String running =
                    Files.readString(work.resolve("data/applied/running")).strip();
            if (!running.equals("2")) {
                throw new IOException("the process runs state " + running + " after " + kill);
            }
            end(run);
            compare(kill);
            return kill;
        } finally {
            end(run);
        }
    }

    private void begin() throws IOException {
        remove(work);
        copy(base, work);
        Files.writeString(work.resolve("sallyport.conf"), config.with(AFTER).text());
    }

    private Kill killOnce(long latestMillis) throws IOException, InterruptedException {
        Process apply = start("apply");
        long millis = random.nextLong(undisturbedMillis / JVM_PART, latestMillis);
        apply.waitFor(millis, TimeUnit.MILLISECONDS);
        boolean over = !apply.isAlive();
        end(apply);
        return new Kill(millis, over ? "it was over" : left());
    }

    private Kill killProcess(Process run) throws IOException, InterruptedException {
        Process apply = start("apply");
        long millis = random.nextLong(undisturbedMillis / JVM_PART, HAND_OVER * undisturbedMillis);
        apply.waitFor(millis, TimeUnit.MILLISECONDS);
        end(run);
        Kill kill = new Kill(millis, "the process was killed: " + left());
        if (!apply.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("apply does not end when the process is gone");
        }
        return kill;
    }

    /// How far it came.
    private String left() throws IOException {
        if (Files.exists(work.resolve("data/applied/000002"))) {
            return "the state is recorded";
        }
        if (!Files.readString(work.resolve(LOCK_FILE)).equals(Files.readString(base.resolve(LOCK_FILE)))) {
            return "the lock file is written";
        }
        long keys = 0;
        try (Stream<Path> relays = Files.list(work.resolve("data/relays"))) {
            keys = relays.filter(relay -> Files.isDirectory(relay.resolve("keys")))
                    .count();
        }
        if (keys > BEFORE) {
            return "keys are made";
        }
        return Files.exists(work.resolve("data/applied/next")) ? "the state is prepared" : "nothing was begun";
    }

    private void compare(Kill kill) throws IOException, InterruptedException {
        Map<String, String> after = texts();
        Path killed = leash.directory().resolve("killed");
        remove(killed);
        Files.move(work, killed);
        begin();
        copy(killed.resolve("data/relays"), work.resolve("data/relays"));
        applyWhole();
        Map<String, String> undisturbed = texts();
        if (!after.equals(undisturbed)) {
            throw new IOException("after " + kill + " there is\n" + after + "\nand without it\n" + undisturbed);
        }
    }

    /// What an apply leaves, by name. What it prepares but does not record does not count.
    private Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path file : List.of(work.resolve("sallyport.conf"), work.resolve(LOCK_FILE))) {
            texts.put(file.getFileName().toString(), Files.readString(file));
        }
        try (Stream<Path> files = Files.walk(work.resolve("data/applied"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = work.relativize(file).toString();
                if (name.matches("data/applied/[0-9]{6}/.*")) {
                    texts.put(name, Files.readString(file).replaceAll("(?m)^when=.*$", "when="));
                }
            }
        }
        return texts;
    }

    private void applyWhole() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process apply = start("apply");
        if (!apply.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || apply.exitValue() != 0) {
            throw new IOException("apply failed:\n" + Files.readString(log("apply")));
        }
        undisturbedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private Process startProcess() throws IOException, InterruptedException {
        Files.deleteIfExists(work.resolve("data/control.socket"));
        Process run = start("run");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(work.resolve("data/control.socket"))) {
            if (!run.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("run failed:\n" + Files.readString(log("run")));
            }
            Thread.sleep(50);
        }
        return run;
    }

    private Process start(String verb) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Programs.java().toString(), "--enable-native-access=ALL-UNNAMED"));
        command.addAll(FAST);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "sallyport.supervisor.launch.Main", verb));
        command.addAll(List.of("--config", work.resolve("sallyport.conf").toString()));
        return leash.start(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(verb).toFile()));
    }

    private Path log(String verb) {
        return leash.directory().resolve(verb + ".log");
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(path)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
