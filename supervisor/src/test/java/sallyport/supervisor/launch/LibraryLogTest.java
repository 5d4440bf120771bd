package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Netty's messages and exceptions hold addresses of clients and servers: not one may reach our log.
class LibraryLogTest {
    private final Logger root = Logger.getLogger("");
    private final List<Handler> handlersBefore = List.of(root.getHandlers());
    private final Level levelBefore = root.getLevel();
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void install() {
        LibraryLog.install((level, relay, text) -> lines.add(level + " " + relay + ": " + text));
    }

    @AfterEach
    void restore() {
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        handlersBefore.forEach(root::addHandler);
        root.setLevel(levelBefore);
    }

    @Test
    void nettysWarningsLoseTheirAddresses() {
        InternalLogger netty = InternalLoggerFactory.getInstance("io.netty.channel.Test");
        netty.warn(
                "{} failed, /192.0.2.1:443",
                "example.org",
                new ConnectException("Connection refused: example.org/192.0.2.1:443"));
        netty.error("again to 192.0.2.1");

        assertThat(lines)
                .containsExactly(
                        "WARN : io.netty.channel.Test reported a problem: java.net.ConnectException",
                        "ERROR : io.netty.channel.Test reported a problem");
    }

    @Test
    void lessThanAWarningIsNotLogged() {
        InternalLogger netty = InternalLoggerFactory.getInstance("io.netty.channel.Test");
        netty.info("connected to 192.0.2.1");
        netty.debug("read 192.0.2.1");

        assertThat(lines).isEmpty();
        assertThat(netty.isInfoEnabled()).isFalse();
    }
}
