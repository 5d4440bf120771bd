package sallyport.engine.exit;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.SocketErrno;

/// What an exception of a socket means for the client (tor-spec "Closing streams"; the errno table is C tor's).
/// Only the kind of failure leaves this class: messages of exceptions may hold addresses.
final class ExitErrors {
    private ExitErrors() {}

    static ExitFailure of(@Nullable Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < SocketErrno.CAUSES_MAX && at != null; i++) {
            ExitFailure known = known(at);
            if (known != null) {
                return known;
            }
            at = at.getCause();
        }
        return ExitFailure.MISC;
    }

    /// Whether only a fault in our own code explains it: the network fails with exceptions of its own kind.
    /// One of them is [NotYetConnectedException]: Netty's answer where the server left before the first write.
    static boolean isOurBug(Throwable failure) {
        return (failure instanceof RuntimeException
                        && !(failure instanceof ChannelException)
                        && !(failure instanceof NotYetConnectedException))
                || failure instanceof AssertionError;
    }

    /// Linux numbers, the same on x86-64 and AArch64 (errno(3)).
    static ExitFailure ofErrno(int errno) {
        return switch (errno) {
            case 32 /* EPIPE */ -> ExitFailure.DONE;
            case 111 /* ECONNREFUSED */ -> ExitFailure.REFUSED;
            case 104 /* ECONNRESET */ -> ExitFailure.RESET;
            case 110 /* ETIMEDOUT */ -> ExitFailure.TIMEOUT;
            case 101 /* ENETUNREACH */, 113 /* EHOSTUNREACH */, 13 /* EACCES */, 1 /* EPERM */ -> ExitFailure.NO_ROUTE;
            case 105 /* ENOBUFS */, 12 /* ENOMEM */, 23 /* ENFILE */, 24 /* EMFILE */ -> ExitFailure.RESOURCES;
            case SocketErrno.EADDRINUSE, SocketErrno.EADDRNOTAVAIL -> ExitFailure.RESOURCES;
            case 9 /* EBADF */, 14 /* EFAULT */, 22 /* EINVAL */, 106 /* EISCONN */ -> ExitFailure.INTERNAL;
            case 107 /* ENOTCONN */, 88 /* ENOTSOCK */, 93 /* EPROTONOSUPPORT */ -> ExitFailure.INTERNAL;
            case 97 /* EAFNOSUPPORT */ -> ExitFailure.INTERNAL;
            default -> ExitFailure.MISC;
        };
    }

    /// Null where only the cause can tell.
    private static @Nullable ExitFailure known(Throwable failure) {
        return switch (failure) {
            case NativeIoException e -> ofErrno(-e.expectedErr());
            case ConnectTimeoutException _, SocketTimeoutException _ -> ExitFailure.TIMEOUT;
            case NotYetConnectedException _ -> ExitFailure.RESET;
            case NoRouteToHostException _ -> ExitFailure.NO_ROUTE;
            case BindException _ -> ExitFailure.RESOURCES;
            case ConnectException e -> ofMessage(e, ExitFailure.REFUSED);
            case OutOfMemoryError _ -> ExitFailure.RESOURCES;
            case IOException e when e.getCause() == null -> ofMessage(e, ExitFailure.MISC);
            default -> null;
        };
    }

    private static ExitFailure ofMessage(IOException failure, ExitFailure otherwise) {
        String message = String.valueOf(failure.getMessage());
        int errno = SocketErrno.of(failure);
        if (errno >= 0) {
            return ofErrno(errno);
        }
        // The JDK's own sockets, where epoll is missing.
        return message.startsWith("Connection reset") ? ExitFailure.RESET : otherwise;
    }
}
