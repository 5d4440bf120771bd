package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import sallyport.engine.world.RealWorld;

/// A directory of keys that a verb works on, wherever it lies: with no configuration around it.
///
/// @param root what the world's storage is opened on
/// @param name of the directory within it
record KeyPlace(Path root, String name) {
    /// A directory `A/B/keys` becomes `B/keys` within `A`: the lock file of a relay's keys lies in `B`.
    static KeyPlace of(Path directory, CommandLine verb) {
        Path absolute = directory.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path root = parent == null ? null : parent.getParent();
        if (root == null) {
            throw new ParameterException(verb, directory + " lies too near the root of the file system");
        }
        return new KeyPlace(root, String.valueOf(root.relativize(absolute)));
    }

    RealWorld open(PrintWriter err) {
        return new RealWorld(root, 1, (_, _, text) -> err.println(text));
    }
}
