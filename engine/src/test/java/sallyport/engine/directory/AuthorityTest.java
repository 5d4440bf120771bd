package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

class AuthorityTest {
    private static final String IDENT = "2F3DF9CA0E5D36F2685A2DA67184EB8DCB8CBA8C";
    private static final String PRINT = "FAA4BCA4A6AC0FB4CA2F8AD5A11D9E122BA894F6";

    @Test
    void readsAllFormsOfTheLine() throws Malformed {
        Authority full = Authority.parse(
                "tor26 orport=443 no-v2 weight=1.0 v3ident=" + IDENT
                        + " ipv6=[2a02:16a8:662:2203::1]:443 217.196.147.77:80 FAA4 BCA4 A6AC 0FB4 CA2F 8AD5 A11D 9E12 2BA8 94F6");

        assertThat(full.nickname()).isEqualTo("tor26");
        assertThat(full.orPort()).isEqualTo(443);
        assertThat(full.votes()).isTrue();
        assertThat(Hex.upper(full.rsaDigest())).isEqualTo(PRINT);
        assertThat(full.dirAddress()).hasToString("217.196.147.77:80");
        assertThat(full.ipv6()).hasToString("[2a02:16a8:662:2203::1]:443");

        Authority bare = Authority.parse("127.0.0.1:7000 " + PRINT);
        assertThat(bare.votes()).isFalse();
        assertThat(bare.nickname()).isEqualTo("auth127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a 127.0.0.1:7000",
                "a 127.0.0.1 " + PRINT,
                "a 127.0.0.1:0 " + PRINT,
                "a 127.0.0.1:65536 " + PRINT,
                "a 1.2.3:7000 " + PRINT,
                "a [::1]:7000 " + PRINT,
                "a 127.0.0.1:7000 " + PRINT + "00",
                "a v3ident=00 127.0.0.1:7000 " + PRINT,
                "a orport=x 127.0.0.1:7000 " + PRINT,
                "a ipv6=1.2.3.4:5 127.0.0.1:7000 " + PRINT,
                "a 127.0.0.1:7000 zz00000000000000000000000000000000000000"
            })
    void refusesALineThatMeansNothing(String line) {
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> Authority.parse(line));
    }

    /// Five of nine must sign on the public network.
    @Test
    void knowsThePublicNetwork() {
        Authorities authorities = Authorities.ofPublicNetwork();

        assertThat(authorities.all()).hasSize(10);
        assertThat(authorities.voting())
                .hasSize(9)
                .noneMatch(one -> one.nickname().equals("Serge"));
    }
}
