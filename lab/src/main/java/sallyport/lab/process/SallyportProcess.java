package sallyport.lab.process;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// `sallyport run` as a process of its own, started as the launcher starts it.
///
/// Uses the class path of this JVM. What it prints is kept in memory and in `sallyport.log` of its directory. Safe for
/// use by several threads.
public final class SallyportProcess implements AutoCloseable {
    private static final String MAIN = "sallyport.supervisor.launch.Main";
    private static final String CONFIG_FILE = "sallyport.conf";
    private static final String VERB_LOG = "verb.log";
    private static final Duration IDENTITY_TIMEOUT = Duration.ofMinutes(2);

    /// One element of what `sallyport identity show --json` prints.
    ///
    /// @param fingerprint 40 upper-case hex digits
    /// @param ed25519 43 characters of base64
    public record Identity(String id, String nickname, String fingerprint, String ed25519, List<String> addresses) {}

    private final Leash leash;
    private final Path directory;
    private final Path configFile;
    private final List<String> jvmOptions;
    private final List<String> lines = new ArrayList<>();
    private final Process process;

    private SallyportProcess(Leash leash, Path directory, Path configFile, List<String> jvmOptions) throws IOException {
        this.leash = leash;
        this.directory = directory;
        this.configFile = configFile;
        this.jvmOptions = jvmOptions;
        this.process =
                leash.start(new ProcessBuilder(command(jvmOptions, List.of("run", "--config", configFile.toString())))
                        .redirectErrorStream(true));
        Thread.ofVirtual().name("sallyport-output").start(this::readAll);
    }

    /// Writes the configuration and starts the process.
    ///
    /// @param leash of the network, so that both end together
    /// @param name of a directory for this process below the leash's
    /// @param moreJvmOptions after those of `config/jvm.options`
    public static SallyportProcess start(Leash leash, String name, SallyportConfig config, String... moreJvmOptions)
            throws IOException {
        Path directory = Files.createDirectories(leash.directory().resolve(name));
        Path configFile = Files.writeString(directory.resolve(CONFIG_FILE), config.text());
        return new SallyportProcess(leash, directory, configFile, List.of(moreJvmOptions));
    }

    /// Writes a configuration with pools, applies it, and starts the process that runs it.
    public static SallyportProcess startFleet(Leash leash, String name, String config)
            throws IOException, InterruptedException {
        applyFleet(leash, name, config);
        return runFleet(leash, name);
    }

    /// Writes a configuration with pools and applies it, which makes the relays' keys. Nothing runs yet.
    public static void applyFleet(Leash leash, String name, String config) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(leash.directory().resolve(name));
        Path configFile = Files.writeString(directory.resolve(CONFIG_FILE), config);
        int code = call(leash, directory, List.of(), List.of("apply", "--config", configFile.toString()));
        if (code != 0) {
            throw new IOException("sallyport apply failed: " + Files.readString(directory.resolve(VERB_LOG)));
        }
    }

    /// Starts the process that runs what [#applyFleet] applied.
    public static SallyportProcess runFleet(Leash leash, String name, String... moreJvmOptions) throws IOException {
        Path directory = leash.directory().resolve(name);
        return new SallyportProcess(leash, directory, directory.resolve(CONFIG_FILE), List.of(moreJvmOptions));
    }

    /// Runs a verb that needs no process and no configuration.
    ///
    /// @throws IOException where it does not end with 0
    public static void verb(Leash leash, String... words) throws IOException, InterruptedException {
        int code = call(leash, leash.directory(), List.of(), List.of(words));
        if (code != 0) {
            throw new IOException("sallyport " + words[0] + " ended with " + code + ": "
                    + Files.readString(leash.directory().resolve(VERB_LOG)));
        }
    }

    /// Runs another verb on the same file, and returns its exit code. What it prints is in `verb.log`.
    public int call(String... words) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", configFile.toString()));
        return call(leash, directory, jvmOptions, arguments);
    }

    private static int call(Leash leash, Path directory, List<String> jvmOptions, List<String> arguments)
            throws IOException, InterruptedException {
        Process verb = leash.start(new ProcessBuilder(command(jvmOptions, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(VERB_LOG).toFile())));
        if (!verb.waitFor(IDENTITY_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            verb.destroyForcibly();
            throw new IOException("sallyport " + arguments.getFirst() + " does not end");
        }
        return verb.exitValue();
    }

    /// What a verb about this process prints, such as `status`.
    ///
    /// @param words the verb and its arguments, without `--config`
    public String verb(String... words) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", configFile.toString()));
        Process verb = leash.start(new ProcessBuilder(command(jvmOptions, arguments))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(VERB_LOG).toFile())));
        String printed = new String(verb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!verb.waitFor(IDENTITY_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            verb.destroyForcibly();
            throw new IOException("sallyport " + words[0] + " does not end");
        }
        return printed;
    }

    /// Who the relays are, in the file's order; makes keys that are missing, whether or not the process runs.
    public List<Identity> identities() throws IOException, InterruptedException {
        Process show = leash.start(new ProcessBuilder(
                        command(jvmOptions, List.of("identity", "show", "--config", configFile.toString(), "--json")))
                .redirectError(directory.resolve("identity.log").toFile()));
        String json = new String(show.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!show.waitFor(IDENTITY_TIMEOUT.toSeconds(), TimeUnit.SECONDS) || show.exitValue() != 0) {
            show.destroyForcibly();
            throw new IOException(
                    "sallyport identity show failed: " + Files.readString(directory.resolve("identity.log")));
        }
        return ConfigFactory.parseString("{\"all\": " + json + "}").getConfigList("all").stream()
                .map(one -> new Identity(
                        one.getString("id"),
                        one.getString("nickname"),
                        one.getString("fingerprint"),
                        one.getString("ed25519"),
                        one.getStringList("addresses")))
                .toList();
    }

    /// Everything printed so far, stdout and stderr together, in order.
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /// Waits for a line that is already there or comes, and returns it.
    ///
    /// @throws IOException with the last lines when the time is over or the process ended without it
    public String awaitLine(Predicate<String> wanted, Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lines) {
            for (int i = 0; ; i++) {
                while (i == lines.size()) {
                    long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                    if (leftMillis <= 0 || !process.isAlive()) {
                        throw new IOException("the awaited line does not come; " + lastWords());
                    }
                    lines.wait(Math.min(leftMillis, 200));
                }
                if (wanted.test(lines.get(i))) {
                    return lines.get(i);
                }
            }
        }
    }

    /// Sends SIGTERM and waits for the end.
    ///
    /// @return the exit code
    public int terminate(Duration timeout) throws IOException, InterruptedException {
        // Not Process.destroy: it also closes the pipe of the output, whose last lines matter most.
        signal("TERM");
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("sallyport does not end on SIGTERM; " + lastWords());
        }
        return process.exitValue();
    }

    /// Sends SIGHUP: read configuration and keys again.
    public void reload() throws IOException, InterruptedException {
        signal("HUP");
    }

    /// Sends a signal by its name without SIG.
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /// Memory in use right now that is in RAM (VmRSS), in bytes.
    public long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1_024)
                .findFirst()
                .orElseThrow(() -> new IOException("no VmRSS"));
    }

    /// Processor time used so far, user and system together.
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// The process id.
    public long pid() {
        return process.pid();
    }

    /// Whether it runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// The file it was started with; change it, then [#reload()].
    public Path configFile() {
        return configFile;
    }

    /// Kills the process, if it still runs.
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// The last lines, for a complaint.
    public String lastWords() {
        List<String> all = lines();
        return "sallyport " + (process.isAlive() ? "runs" : "ended") + "; its last words:\n"
                + String.join("\n", all.subList(Math.max(0, all.size() - 12), all.size()));
    }

    private static List<String> command(List<String> moreJvmOptions, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Programs.java().toString());
        command.addAll(JvmOptions.read());
        command.addAll(moreJvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        return command;
    }

    private void readAll() {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer log = Files.newBufferedWriter(directory.resolve("sallyport.log"))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                log.write(line + "\n");
                log.flush();
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException directoryIsGone) {
            process.destroyForcibly();
        }
    }
}
