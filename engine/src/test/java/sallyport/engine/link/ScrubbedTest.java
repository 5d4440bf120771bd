package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.Extend2Body;

/// What holds the next hop of somebody's circuit does not print it.
class ScrubbedTest {
    @Test
    void pathsDoNotPrintThemselves() {
        RelayAddress next = new RelayAddress(new byte[] {(byte) 192, 0, 2, 7}, 9001);
        assertThat(new DialTarget(List.of(next), new byte[20], null).toString()).doesNotContain("192.0.2.7");
        assertThat(new Extend2Body(next, null, new byte[20], null, new Create2Body(Create2Body.NTOR, new byte[84]))
                        .toString())
                .doesNotContain("192.0.2.7");
    }
}
