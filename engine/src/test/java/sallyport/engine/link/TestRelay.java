package sallyport.engine.link;

import java.time.InstantSource;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;

/// Keys of made-up relays; each seed is another relay. Made once per test run: RSA keys are slow.
final class TestRelay {
    static final TestRelay ALICE = new TestRelay(1);
    static final TestRelay BOB = new TestRelay(2);
    static final TestRelay CAROL = new TestRelay(3);

    private final RelayKeys keys;

    private TestRelay(long seed) {
        this(seed, InstantSource.system());
    }

    /// @param clock by which its keys age
    TestRelay(long seed, InstantSource clock) {
        try {
            keys = RelayKeys.open(new MemoryStorage(), "relays/test/keys", new SeededEntropy(seed), clock);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Renews what is due by its clock.
    void renew() throws Exception {
        keys.renewIfDue();
    }

    RelayIdentity identity() {
        return keys.identity();
    }

    LinkCredentials credentials() {
        return keys.linkCredentials();
    }
}
