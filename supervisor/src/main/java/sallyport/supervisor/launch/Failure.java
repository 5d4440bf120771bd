package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;

/// What an exception tells an operator.
final class Failure {
    private Failure() {}

    /// The message; file system exceptions, whose message is only a path, say what is wrong with it.
    static String text(Exception e) {
        String message = e.getMessage();
        return switch (e) {
            case UncheckedIOException unchecked -> text(Objects.requireNonNull(unchecked.getCause()));
            case AccessDeniedException denied -> denied(denied);
            case NoSuchFileException _ -> message + ": no such file or directory";
            case FileAlreadyExistsException _, NotDirectoryException _ -> message + ": not a directory";
            default -> message == null ? e.getClass().getSimpleName() : message;
        };
    }

    /// Whose it is, as far as that can be seen: its owner may.
    private static String denied(AccessDeniedException e) {
        String user = System.getProperty("user.name", "this user");
        String what = e.getFile() + ": permission denied for " + user;
        for (Path path = Path.of(e.getFile()).toAbsolutePath(); path != null; path = path.getParent()) {
            try {
                String owner = Files.getOwner(path).getName();
                return owner.equals(user) ? what : what + "; " + path + " is " + owner + "'s: run this as " + owner;
            } catch (IOException below) {
                continue; // what is in a directory that we may not enter cannot be seen
            }
        }
        return what;
    }

    /// The class of an exception and the line that threw it, without its text.
    static String classAndPlace(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
