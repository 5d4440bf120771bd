package sallyport.supervisor.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Judges a data directory without touching it.
@FunctionalInterface
public interface DataDirectory {
    /// Why the directory can be neither used nor made, or null when it can.
    @Nullable
    Fault faultOf(Path directory);

    record Fault(String what, String fix) {}

    /// Looks at the file system of this machine, with the rights of this process.
    DataDirectory ON_DISK = directory -> {
        Path existing = directory;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            return new Fault(
                    "cannot be made, " + existing + " is not a directory", "name a directory, or remove that file");
        }
        if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
            String user = System.getProperty("user.name", "this user");
            return existing.equals(directory)
                    ? new Fault("cannot be written by " + user, "make " + user + " its owner, or run as its owner")
                    : new Fault(
                            "cannot be made, " + user + " may not write in " + existing,
                            "make the directory and its owner " + user + ", or name another one");
        }
        return null;
    };

    /// Reads the key `data-directory`; null, with a problem, when it is no usable path.
    static @Nullable Path read(Section file, DataDirectory judge) {
        String example = "\"/var/lib/sallyport\"";
        Value value = file.required("data-directory", example);
        String text = value == null ? null : value.text(example);
        if (value == null || text == null) {
            return null;
        }
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            value.problem("is " + value.shown() + ", not a path", "write an absolute path, as " + example);
            return null;
        }
        if (!path.isAbsolute()) {
            value.problem("is " + value.shown() + ", not an absolute path", "begin it with /, as " + example);
            return null;
        }
        path = path.normalize();
        Fault fault = judge.faultOf(path);
        if (fault != null) {
            value.problem(fault.what(), fault.fix());
            return null;
        }
        return path;
    }
}
