package sallyport.engine.world;

import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.BindException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The system's own number for what went wrong with a socket, out of an exception. Linux numbers, the same on
/// x86-64 and AArch64 (errno(3)).
public final class SocketErrno {
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;

    /// A chain of causes is followed that far.
    public static final int CAUSES_MAX = 8;

    /// Netty keeps the errno of a failed connect to itself, but its message holds the number.
    private static final Pattern ERRNO = Pattern.compile("failed with error\\(-(\\d{1,4})\\)");

    private SocketErrno() {}

    /// -1 where the exception itself holds none.
    public static int of(Throwable failure) {
        if (failure instanceof NativeIoException e) {
            return -e.expectedErr();
        }
        Matcher errno = ERRNO.matcher(String.valueOf(failure.getMessage()));
        return failure instanceof IOException && errno.find() ? Integer.parseInt(errno.group(1)) : -1;
    }

    /// Whether the system had no port left for a connection from the address it would have left from.
    public static boolean isPortMissing(@Nullable Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++) {
            int errno = of(at);
            if (at instanceof BindException || errno == EADDRINUSE || errno == EADDRNOTAVAIL) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
