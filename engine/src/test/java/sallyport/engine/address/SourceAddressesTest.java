package sallyport.engine.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
    private static final InetAddress IPV4 = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("2001:db8::1");

    @Test
    void eachFamilyHasItsOwn() {
        SourceAddresses both = SourceAddresses.of(List.of(IPV6, IPV4, InetAddress.ofLiteral("192.0.2.2")));
        assertThat(both.toward(InetAddress.ofLiteral("198.51.100.1"))).isEqualTo(IPV4);
        assertThat(both.toward(InetAddress.ofLiteral("2001:db8::2"))).isEqualTo(IPV6);
        assertThat(both.toward(Ip.inet(Objects.requireNonNull(Ip.parse("::ffff:198.51.100.1")))))
                .isEqualTo(IPV4);
    }

    @Test
    void theSystemChoosesWhereNoneIsNamed() {
        assertThat(SourceAddresses.of(List.of(IPV4)).toward(IPV6)).isNull();
        assertThat(SourceAddresses.NONE.toward(IPV4)).isNull();
    }
}
