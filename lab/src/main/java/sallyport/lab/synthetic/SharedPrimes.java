package sallyport.lab.synthetic;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;

/// RSA keys of 1024 bits by the thousand, in seconds: each is the product of two primes out of one small pool, no two
/// of
/// the same two. Whoever sees two moduli with a prime in common can factor them, so these keys are worth nothing
/// outside
/// a private network.
final class SharedPrimes {
    private static final int PRIME_BITS = 512;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);

    private final List<BigInteger> primes;

    /// Makes a pool that is large enough.
    ///
    /// @param keys how many keys it has to yield
    SharedPrimes(int keys) {
        this.primes = IntStream.range(0, poolSize(keys))
                .parallel()
                .mapToObj(_ -> prime())
                .toList();
    }

    private static int poolSize(int keys) {
        int size = 2;
        while ((long) size * (size - 1) / 2 < keys) {
            size++;
        }
        return size;
    }

    // The two highest bits are set, so that a product of two has 1024 bits.
    private static BigInteger prime() {
        SecureRandom random = new SecureRandom();
        while (true) {
            BigInteger prime = BigInteger.probablePrime(PRIME_BITS, random);
            boolean suits = prime.testBit(PRIME_BITS - 2)
                    && !prime.subtract(BigInteger.ONE).mod(EXPONENT).equals(BigInteger.ZERO);
            if (suits) {
                return prime;
            }
        }
    }

    /// The key of that number as PEM of a PKCS#1 RSAPrivateKey, the form of C tor's files.
    String pem(int number) {
        int second = 1;
        int first = number;
        while (first >= second) {
            first -= second++;
        }
        BigInteger p = primes.get(second);
        BigInteger q = primes.get(first);
        BigInteger lessP = p.subtract(BigInteger.ONE);
        BigInteger lessQ = q.subtract(BigInteger.ONE);
        BigInteger secret = EXPONENT.modInverse(lessP.multiply(lessQ));
        RSAPrivateKey key = new RSAPrivateKey(
                p.multiply(q), EXPONENT, secret, p, q, secret.mod(lessP), secret.mod(lessQ), q.modInverse(p));
        try {
            return "-----BEGIN RSA PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                    + "\n-----END RSA PRIVATE KEY-----\n";
        } catch (IOException e) {
            throw new IllegalStateException("an encoding into memory", e);
        }
    }
}
