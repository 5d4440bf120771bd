package sallyport.engine.world;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/// RSA keys that are the same in every run, made when the first asks. The JDK's generator would take
/// primes of its own choice.
@NullMarked
public final class DrawnRsaKeys {
    private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
    private static final long FIRST_SEED = 1000;
    private static final Map<Which, RSAPrivateCrtKey> MADE = new HashMap<>();

    private record Which(int bits, int number) {}

    private DrawnRsaKeys() {}

    /// The key of that length and number, from 0.
    public static synchronized RSAPrivateCrtKey of(int bits, int number) {
        return MADE.computeIfAbsent(new Which(bits, number), _ -> draw(bits, new Random(FIRST_SEED + number)));
    }

    private static RSAPrivateCrtKey draw(int bits, Random random) {
        while (true) {
            BigInteger p = BigInteger.probablePrime(bits / 2, random);
            BigInteger q = BigInteger.probablePrime(bits / 2, random);
            BigInteger phi = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
            BigInteger n = p.multiply(q);
            if (p.compareTo(q) > 0 && n.bitLength() == bits && EXPONENT.gcd(phi).equals(BigInteger.ONE)) {
                return key(n, EXPONENT.modInverse(phi), p, q);
            }
        }
    }

    private static RSAPrivateCrtKey key(BigInteger n, BigInteger d, BigInteger p, BigInteger q) {
        try {
            return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(new RSAPrivateCrtKeySpec(
                            n,
                            EXPONENT,
                            d,
                            p,
                            q,
                            d.mod(p.subtract(BigInteger.ONE)),
                            d.mod(q.subtract(BigInteger.ONE)),
                            q.modInverse(p)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
