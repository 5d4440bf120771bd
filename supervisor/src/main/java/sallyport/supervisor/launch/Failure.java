package sallyport.supervisor.launch;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/// What an exception tells an operator.
final class Failure {
    private Failure() {}

    /// The message; file system exceptions, whose message is only a path, say what is wrong with it.
    static String text(Exception e) {
        String message = e.getMessage();
        return switch (e) {
            case UncheckedIOException unchecked -> text(Objects.requireNonNull(unchecked.getCause()));
            case AccessDeniedException _ -> message + ": permission denied";
            case NoSuchFileException _ -> message + ": no such file or directory";
            case FileAlreadyExistsException _, NotDirectoryException _ -> message + ": not a directory";
            default -> message == null ? e.getClass().getSimpleName() : message;
        };
    }

    /// The class of an exception and the line that threw it, without its text.
    static String classAndPlace(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
