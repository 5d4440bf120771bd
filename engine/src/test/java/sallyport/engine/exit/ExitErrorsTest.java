package sallyport.engine.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitErrorsTest {
    /// The numbers of Linux and the reasons of C tor.
    @ParameterizedTest
    @CsvSource({
        "32, DONE",
        "111, REFUSED",
        "104, RESET",
        "110, TIMEOUT",
        "101, NO_ROUTE",
        "113, NO_ROUTE",
        "13, NO_ROUTE",
        "1, NO_ROUTE",
        "105, RESOURCES",
        "12, RESOURCES",
        "23, RESOURCES",
        "24, RESOURCES",
        "98, RESOURCES",
        "99, RESOURCES",
        "9, INTERNAL",
        "14, INTERNAL",
        "22, INTERNAL",
        "106, INTERNAL",
        "107, INTERNAL",
        "88, INTERNAL",
        "93, INTERNAL",
        "97, INTERNAL",
        "5, MISC",
        "2, MISC",
        "0, MISC"
    })
    void everyErrnoHasItsReason(int errno, ExitFailure expected) {
        assertThat(ExitErrors.ofErrno(errno)).isEqualTo(expected);
        String text = "finishConnect(..) failed with error(-" + errno + "): whatever the language: /192.0.2.1:80";
        ConnectException connect = new ConnectException(text);
        connect.initCause(new ConnectException(text));
        assertThat(ExitErrors.of(connect)).isEqualTo(expected);
    }

    /// Found by the soak: what Netty says of a first write to a server that accepted and was gone again.
    @Test
    void serversThatLeaveBeforeTheFirstWriteAreNoBugOfOurs() {
        assertThat(ExitErrors.isOurBug(new NotYetConnectedException())).isFalse();
        assertThat(ExitErrors.of(new NotYetConnectedException())).isEqualTo(ExitFailure.RESET);
        assertThat(ExitErrors.isOurBug(new IllegalStateException())).isTrue();
    }

    @Test
    void socketsThatCannotBeMadeAreOurLack() {
        // Netty's class of errors needs its native library loaded first, as it is wherever such errors arise.
        assertThat(Epoll.isAvailable()).isTrue();
        Throwable cause = new NativeIoException("newSocketStream", -24);
        assertThat(ExitErrors.of(new ChannelException("Unable to create Channel", new RuntimeException(cause))))
                .isEqualTo(ExitFailure.RESOURCES);
    }

    @Test
    void exceptionsWithoutANumberHaveTheirKind() {
        assertThat(ExitErrors.of(new ConnectTimeoutException("x"))).isEqualTo(ExitFailure.TIMEOUT);
        assertThat(ExitErrors.of(new NoRouteToHostException())).isEqualTo(ExitFailure.NO_ROUTE);
        assertThat(ExitErrors.of(new BindException())).isEqualTo(ExitFailure.RESOURCES);
        assertThat(ExitErrors.of(new ConnectException("Connection refused"))).isEqualTo(ExitFailure.REFUSED);
        assertThat(ExitErrors.of(new IOException("Connection reset by peer"))).isEqualTo(ExitFailure.RESET);
        assertThat(ExitErrors.of(new ClosedChannelException())).isEqualTo(ExitFailure.MISC);
        assertThat(ExitErrors.of(null)).isEqualTo(ExitFailure.MISC);
    }
}
