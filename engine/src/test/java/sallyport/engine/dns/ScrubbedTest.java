package sallyport.engine.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetSocketAddress;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What holds a name that a client asked for does not print it.
@NullUnmarked
class ScrubbedTest {
    @Test
    void namesAndQuestionsDoNotPrintThemselves() {
        assertThat(HostName.check("secret.example").toString()).doesNotContain("secret");
        assertThat(new DnsSocket.Sent(
                                null,
                                1,
                                new InetSocketAddress("192.0.2.53", 53),
                                new DefaultDnsQuestion("secret.example", DnsRecordType.A),
                                null)
                        .toString())
                .doesNotContain("secret")
                .doesNotContain("192.0.2.53");
    }
}
