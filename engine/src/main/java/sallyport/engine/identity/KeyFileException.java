package sallyport.engine.identity;

import java.io.Serial;

/// A key file that cannot be used: names the file, the reason and, where there is one, the way out. The file stays as
/// it
/// is: a corrupt file is never overwritten.
public final class KeyFileException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public KeyFileException(String file, String reason) {
        super(file + ": " + reason);
    }

    public KeyFileException(String file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
