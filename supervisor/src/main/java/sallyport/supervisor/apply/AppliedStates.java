package sallyport.supervisor.apply;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// The history of a host, below `DATA-DIRECTORY/applied/`: one directory for each state, whose number is
/// its name. It comes there under that name with a single rename, so every state that can be seen is
/// whole; the highest number rules.
public final class AppliedStates {
    private static final String DIRECTORY = "applied";
    private static final String CONFIGURATION = "sallyport.conf";
    private static final String LOCK = CONFIGURATION + ".lock";
    private static final String ABOUT = "about";
    private static final String RUNNING = "running";
    // A name that is no number: never taken for a state.
    private static final String NEXT = "next";
    // The same.
    private static final String OLD = "old";
    // Ours: two a week for a year; a state of 250 relays has some 100 kB.
    static final int KEPT = 100;

    private final Path directory;
    private final DurableFiles files;

    /// @param dataDirectory need not exist yet
    public AppliedStates(Path dataDirectory) {
        this(dataDirectory, DurableFiles.Between.NOTHING);
    }

    AppliedStates(Path dataDirectory, DurableFiles.Between between) {
        this.directory = dataDirectory.resolve(DIRECTORY);
        this.files = new DurableFiles(between);
    }

    Path directory() {
        return directory;
    }

    /// Makes the directory where it is missing, for its owner alone.
    void make() throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// The numbers of all states, the oldest first.
    public List<Integer> numbers() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches("[0-9]{6}"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
    }

    /// The state that is to run; empty when nothing was ever applied.
    public Optional<AppliedState> latest() throws IOException {
        List<Integer> numbers = numbers();
        return numbers.isEmpty() ? Optional.empty() : Optional.of(read(numbers.getLast()));
    }

    public List<AppliedState> all() throws IOException {
        List<AppliedState> all = new ArrayList<>();
        for (int number : numbers()) {
            all.add(read(number));
        }
        return all;
    }

    /// @throws IOException also when there is no such state
    public AppliedState read(int number) throws IOException {
        Path state = directory.resolve(name(number));
        if (!Files.exists(state)) {
            List<Integer> numbers = numbers();
            throw new IOException("there is no state " + number + " in " + directory + ", which has "
                    + (numbers.isEmpty()
                            ? "none"
                            : numbers.size() == 1
                                    ? "state " + numbers.getFirst()
                                    : "states " + numbers.getFirst() + " to " + numbers.getLast())
                    + "; `sallyport history` shows them");
        }
        Properties about = new Properties();
        about.load(new StringReader(Files.readString(state.resolve(ABOUT))));
        try {
            return new AppliedState(
                    number,
                    Instant.parse(about.getProperty("when", "")),
                    about.getProperty("who", ""),
                    about.getProperty("why", ""),
                    about.getProperty("host", ""),
                    about.getProperty("file", ""),
                    Files.readString(state.resolve(CONFIGURATION)),
                    Files.readString(state.resolve(LOCK)));
        } catch (DateTimeParseException e) {
            throw new IOException(state.resolve(ABOUT) + ": has no time that can be read", e);
        }
    }

    /// The configuration of a state as a file, with its lock beside it.
    public Path configuration(int number) {
        return directory.resolve(name(number)).resolve(CONFIGURATION);
    }

    /// The state that the running process last took over; 0 when none says so.
    public int running() {
        try {
            String text = Files.readString(directory.resolve(RUNNING)).strip();
            return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /// Says that the calling process runs the state.
    public void noteRunning(int number) throws IOException {
        files.replace(directory.resolve(RUNNING), number + "\n");
    }

    /// Lays a state down where nobody takes it for one yet; returns its configuration as a file, with its
    /// lock beside it.
    Path prepare(AppliedState state) throws IOException {
        make();
        Path next = directory.resolve(NEXT);
        files.fresh(next);
        files.write(next.resolve(CONFIGURATION), state.text());
        files.write(next.resolve(LOCK), state.lock());
        files.write(next.resolve(ABOUT), about(state));
        files.sync(next);
        return next.resolve(CONFIGURATION);
    }

    /// Makes the prepared state the latest.
    void commit(int number) throws IOException {
        files.rename(directory.resolve(NEXT), directory.resolve(name(number)));
    }

    /// Forgets the oldest of more than [#KEPT] states. What runs, the newest and the one before it stay
    /// whatever happens: a rollback needs them. A state that is half gone has no number any more.
    void prune() throws IOException {
        List<Integer> numbers = numbers();
        int running = running();
        for (int number : numbers.subList(0, Math.max(0, numbers.size() - KEPT))) {
            if (number != running) {
                files.remove(directory.resolve(OLD));
                files.rename(directory.resolve(name(number)), directory.resolve(OLD));
                files.remove(directory.resolve(OLD));
            }
        }
    }

    DurableFiles files() {
        return files;
    }

    private static String about(AppliedState state) throws IOException {
        Properties about = new Properties();
        about.setProperty("when", state.when().toString());
        about.setProperty("who", state.who());
        about.setProperty("why", state.why());
        about.setProperty("host", state.host());
        about.setProperty("file", state.file());
        StringWriter text = new StringWriter();
        about.store(text, null);
        // The first line is the time of writing, which is no part of the state.
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .reduce("", (a, b) -> a + b + "\n");
    }

    private static String name(int number) {
        return String.format("%06d", number);
    }
}
