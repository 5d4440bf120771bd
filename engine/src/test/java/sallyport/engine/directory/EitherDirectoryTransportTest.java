package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sallyport.engine.world.World;

class EitherDirectoryTransportTest {
    private static final DirectoryRequest REQUEST = DirectoryRequest.get("/", 1);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final List<String> asked = new ArrayList<>();
    private final Set<String> down = new HashSet<>();
    private final EitherDirectoryTransport either =
            new EitherDirectoryTransport(world(), way("DirPort"), way("ORPort"));

    @Test
    void theDirPortIsPreferred() throws Exception {
        either.exchange(authority(), REQUEST);
        assertThat(asked).containsExactly("DirPort");
    }

    /// One that is walled in would cost its time limit at every request.
    @Test
    void aDirPortThatFailedIsLeftAloneForAWhile() throws Exception {
        down.add("DirPort");
        either.exchange(authority(), REQUEST);
        either.exchange(authority(), REQUEST);
        assertThat(asked).containsExactly("DirPort", "ORPort", "ORPort");

        down.clear();
        asked.clear();
        ticker.advance(11, TimeUnit.MINUTES);
        either.exchange(authority(), REQUEST);
        assertThat(asked).containsExactly("DirPort");
    }

    @Test
    void anAuthorityThatIsDownFailsAfterBothWays() {
        down.addAll(Set.of("DirPort", "ORPort"));
        assertThatThrownBy(() -> either.exchange(authority(), REQUEST)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> either.exchange(authority(), REQUEST)).isInstanceOf(IOException.class);
        assertThat(asked).containsExactly("DirPort", "ORPort", "ORPort", "DirPort");
    }

    private DirectoryTransport way(String name) {
        return (_, _) -> {
            asked.add(name);
            if (down.contains(name)) {
                throw new IOException("down");
            }
            return new DirectoryResponse(200, "", Map.of(), new byte[0]);
        };
    }

    private static Authority authority() throws Exception {
        return Authority.parse("a orport=1 v3ident=" + "01".repeat(20) + " 192.0.2.1:80 " + "AB".repeat(20));
    }

    private World world() {
        return (World)
                Proxy.newProxyInstance(World.class.getClassLoader(), new Class<?>[] {World.class}, (_, method, _) -> {
                    assertThat(method.getName()).isEqualTo("ticker");
                    return ticker;
                });
    }
}
