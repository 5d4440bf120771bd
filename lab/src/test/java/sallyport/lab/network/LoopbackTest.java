package sallyport.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackTest {
    @Test
    void twoNeverShareAnAddress() throws Exception {
        try (Loopback one = Loopback.take();
                Loopback other = Loopback.take()) {
            Set<String> addresses = new HashSet<>();
            for (int i = 0; i < Loopback.ADDRESSES; i++) {
                assertThat(addresses.add(one.freshAddress())).isTrue();
                assertThat(addresses.add(other.freshAddress())).isTrue();
            }
            assertThat(addresses).allMatch(address -> address.startsWith("127."));
        }
    }

    @Test
    void aPortThatIsTakenIsNotGivenOut() throws Exception {
        try (Loopback loopback = Loopback.take()) {
            String address = loopback.freshAddress();
            int free = Loopback.freePort(address, 9_001);
            try (var _ = new ServerSocket(free, 1, InetAddress.ofLiteral(address))) {
                assertThat(Loopback.freePort(address, free)).isNotEqualTo(free);
            }
        }
    }
}
