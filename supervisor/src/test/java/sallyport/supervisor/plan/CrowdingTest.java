package sallyport.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.LockReader;

class CrowdingTest {
    private static final Lock LOCK = LockReader.read("""
                    sallyport-lock 1
                    relays-per-address 3
                    relay e-1 group=e number=1 host=default nickname=e1 address=198.51.100.1 port=9001
                    relay e-2 group=e number=2 host=default nickname=e2 address=198.51.100.1 port=9002
                    relay e-3 group=e number=3 host=default nickname=e3 address=198.51.100.1 port=9003
                    relay e-4 group=e number=4 host=default nickname=e4 address=198.51.100.2 port=9001
                    """).lock();

    /// The authorities may lower their limit under relays that stand there.
    @Test
    void whoWillNotBeListedIsCounted() {
        assertThat(Crowding.warnings(LOCK, OptionalInt.of(2)))
                .containsExactly("198.51.100.1 has 3 relays, and the consensus has room for 2 on an address"
                        + " (AuthDirMaxServersPerAddr): 1 will not be listed; give them another address in"
                        + " groups.NAME.relays, or take them out with groups.NAME.skip");
        assertThat(Crowding.warnings(LOCK, OptionalInt.of(3))).isEmpty();
        assertThat(Crowding.warnings(LOCK, OptionalInt.of(0))).isEmpty();
        assertThat(Crowding.warnings(LOCK, OptionalInt.empty())).isEmpty();
    }
}
