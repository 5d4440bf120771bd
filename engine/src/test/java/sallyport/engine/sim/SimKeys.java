package sallyport.engine.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.world.DrawnRsaKeys;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;

/// The keys of the simulated relays: made once a run, and the same identities in every run.
final class SimKeys {
    private static final String DIRECTORY = "relays/sim/keys";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final List<RelayKeys> MADE = new ArrayList<>();

    private SimKeys() {}

    static synchronized RelayKeys of(int relay) {
        while (MADE.size() <= relay) {
            MADE.add(make(MADE.size()));
        }
        return MADE.get(relay);
    }

    private static RelayKeys make(int relay) {
        MemoryStorage storage = new MemoryStorage();
        try {
            String pem = Rsa.privatePem(DrawnRsaKeys.of(Rsa.IDENTITY_BITS, relay));
            storage.write(DIRECTORY + "/secret_id_key", pem.getBytes(StandardCharsets.US_ASCII));
            return RelayKeys.open(storage, DIRECTORY, new SeededEntropy(relay), CLOCK);
        } catch (KeyFileException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
