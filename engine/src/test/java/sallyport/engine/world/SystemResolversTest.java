package sallyport.engine.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemResolversTest {
    @TempDir
    Path directory;

    @Test
    void readsLiteralsInOrderAndNothingElse() throws Exception {
        Path file = Files.writeString(
                directory.resolve("resolv.conf"),
                "# nameserver 192.0.2.9\nsearch example\n nameserver\t192.0.2.1\nnameserver 2001:db8::1 # x\n"
                        + "nameserver example.com\nnameserver\noptions edns0\n");
        assertThat(SystemResolvers.read(file))
                .containsExactly(new InetSocketAddress("192.0.2.1", 53), new InetSocketAddress("2001:db8::1", 53));
    }

    @Test
    void withoutAnyTheLocalMachineIsAsked() throws Exception {
        assertThat(SystemResolvers.read(directory.resolve("missing")))
                .containsExactly(new InetSocketAddress("127.0.0.1", 53));
    }
}
