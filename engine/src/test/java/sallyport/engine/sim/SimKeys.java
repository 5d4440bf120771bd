package sallyport.engine.sim;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
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
            String pem = Rsa.privatePem(rsa(new Random(1000 + relay)));
            storage.write(DIRECTORY + "/secret_id_key", pem.getBytes(StandardCharsets.US_ASCII));
            return RelayKeys.open(storage, DIRECTORY, new SeededEntropy(relay), CLOCK);
        } catch (KeyFileException | IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// The JDK would take primes of its own choice.
    private static RSAPrivateCrtKey rsa(Random random) throws GeneralSecurityException {
        BigInteger e = BigInteger.valueOf(65_537);
        while (true) {
            BigInteger p = BigInteger.probablePrime(Rsa.IDENTITY_BITS / 2, random);
            BigInteger q = BigInteger.probablePrime(Rsa.IDENTITY_BITS / 2, random);
            BigInteger phi = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
            BigInteger n = p.multiply(q);
            if (p.compareTo(q) > 0
                    && n.bitLength() == Rsa.IDENTITY_BITS
                    && e.gcd(phi).equals(BigInteger.ONE)) {
                BigInteger d = e.modInverse(phi);
                return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                        .generatePrivate(new RSAPrivateCrtKeySpec(
                                n,
                                e,
                                d,
                                p,
                                q,
                                d.mod(p.subtract(BigInteger.ONE)),
                                d.mod(q.subtract(BigInteger.ONE)),
                                q.modInverse(p)));
            }
        }
    }
}
