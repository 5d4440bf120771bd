package sallyport.engine.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What C tor's `tor_addr_is_internal` calls internal when it is not asked for listening: first and last
/// addresses of each network, and their neighbours.
class IpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
                "::",
                "::1",
                "fc00::",
                "fdff::1",
                "fe80::",
                "febf::1",
                "fec0::",
                "feff::1"
            })
    void internal(String text) {
        assertThat(Ip.isInternal(ip(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::2",
                "::1:0",
                "64:ff9b::1",
                "fbff::1",
                "fe00::",
                "fe7f::1",
                "ff00::",
                "ff02::1",
                "2001:db8::1"
            })
    void notInternal(String text) {
        assertThat(Ip.isInternal(ip(text))).isFalse();
    }

    /// An IPv4 address inside an IPv6 one is what counts.
    @ParameterizedTest
    @ValueSource(strings = {"100.64.0.1", "10.0.0.1", "192.0.2.1"})
    void mappedAddressesAreThoseTheyHold(String text) {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(ip(text), 0, mapped, 12, 4);
        assertThat(Ip.isInternal(mapped)).isEqualTo(Ip.isInternal(ip(text)));
    }

    /// The list of exit policies is another one: it has no RFC 6598, and all of multicast.
    @ParameterizedTest
    @ValueSource(strings = {"100.64.0.0", "100.127.255.255"})
    void translatedAddressesAreNoPrivateOnesOfAPolicy(String text) {
        assertThat(Ip.isPrivate(ip(text))).isFalse();
        assertThat(Ip.isPrivate(ip("ff02::1"))).isTrue();
    }

    private static byte[] ip(String text) {
        return InetAddress.ofLiteral(text).getAddress();
    }
}
