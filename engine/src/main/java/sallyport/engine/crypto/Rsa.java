package sallyport.engine.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.Cipher;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Malformed;

/// RSA as Tor uses it: PKCS#1 keys, and signatures with type-1 padding around a bare digest, without the DigestInfo
/// that PKCS#1 v1.5 would put before it.
public final class Rsa {
    /// Identity and TAP onion keys.
    public static final int IDENTITY_BITS = 1024;
    /// TLS link keys.
    public static final int LINK_BITS = 2048;

    private static final String PRIVATE_BEGIN = "-----BEGIN RSA PRIVATE KEY-----\n";
    private static final String PRIVATE_END = "-----END RSA PRIVATE KEY-----\n";
    // Ours: beyond this a peer's signature would cost us more than it tells.
    private static final int MODULUS_BITS_MAX = 8192;

    private Rsa() {}

    /// A fresh key with the exponent 65537, from the JDK's own generator: a tenth of a second for 2048 bits.
    public static RSAPrivateCrtKey generate(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
            return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA", e);
        }
    }

    /// The public half of a private key.
    public static RSAPublicKey publicKey(RSAPrivateCrtKey key) {
        return publicKey(key.getModulus(), key.getPublicExponent());
    }

    /// Reads a PKCS#1 RSAPublicKey.
    public static RSAPublicKey publicKey(byte[] pkcs1) throws Malformed {
        DerReader whole = new DerReader(pkcs1);
        DerReader key = whole.sequence();
        whole.end();
        BigInteger modulus = key.integer();
        BigInteger exponent = key.integer();
        key.end();
        if (modulus.signum() <= 0
                || modulus.bitLength() > MODULUS_BITS_MAX
                || modulus.bitLength() < 512
                || exponent.bitLength() > 64
                || exponent.compareTo(BigInteger.TWO) <= 0) {
            throw new Malformed("RSA key out of range");
        }
        return publicKey(modulus, exponent);
    }

    /// The PKCS#1 RSAPublicKey of a key: what Tor's fingerprints hash.
    public static byte[] pkcs1(RSAPublicKey key) {
        return Der.sequence(Der.integer(key.getModulus()), Der.integer(key.getPublicExponent()));
    }

    public static byte[] pkcs1(RSAPrivateCrtKey key) {
        return pkcs1(publicKey(key));
    }

    /// PEM of a PKCS#1 RSAPrivateKey, the form of C tor's files.
    public static String privatePem(RSAPrivateCrtKey key) {
        byte[] der = Der.sequence(
                Der.integer(0),
                Der.integer(key.getModulus()),
                Der.integer(key.getPublicExponent()),
                Der.integer(key.getPrivateExponent()),
                Der.integer(key.getPrimeP()),
                Der.integer(key.getPrimeQ()),
                Der.integer(key.getPrimeExponentP()),
                Der.integer(key.getPrimeExponentQ()),
                Der.integer(key.getCrtCoefficient()));
        return PRIVATE_BEGIN + Base64Text.wrapped(der) + PRIVATE_END;
    }

    /// Reads what [#privatePem] writes, and checks that its numbers belong together.
    public static RSAPrivateCrtKey readPrivatePem(String pem) throws Malformed {
        // C tor writes its string's terminating zero into the file.
        String text = pem.replace("\0", "").replace("\r\n", "\n").strip() + "\n";
        if (!text.startsWith(PRIVATE_BEGIN) || !text.endsWith(PRIVATE_END)) {
            throw new Malformed("not a PEM RSA PRIVATE KEY");
        }
        byte[] der =
                Base64Text.decodeWrapped(text.substring(PRIVATE_BEGIN.length(), text.length() - PRIVATE_END.length()));
        DerReader whole = new DerReader(der);
        DerReader key = whole.sequence();
        whole.end();
        if (key.integer().signum() != 0) {
            throw new Malformed("RSA private key of another version");
        }
        RSAPrivateCrtKeySpec spec = new RSAPrivateCrtKeySpec(
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer(),
                key.integer());
        key.end();
        return checked(spec);
    }

    /// PEM of a PKCS#1 RSAPublicKey, as it stands in descriptors.
    public static String publicPem(byte[] pkcs1) {
        return "-----BEGIN RSA PUBLIC KEY-----\n" + Base64Text.wrapped(pkcs1) + "-----END RSA PUBLIC KEY-----\n";
    }

    /// Signs with type-1 padding around exactly these bytes (a bare digest). As long as the modulus.
    public static byte[] signRaw(RSAPrivateCrtKey key, byte[] digest) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher.doFinal(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA", e);
        }
    }

    /// Whether the signature holds exactly these bytes; false for any malformed one.
    public static boolean verifyRaw(RSAPublicKey key, byte[] digest, byte[] signature) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, key);
            return Hashes.equal(digest, cipher.doFinal(signature));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// An ordinary PKCS#1 v1.5 signature, as X.509 uses it. `algorithm` is the JDK's name: `SHA256withRSA`.
    public static byte[] sign(String algorithm, RSAPrivateCrtKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm, e);
        }
    }

    /// Whether an ordinary PKCS#1 v1.5 signature holds.
    public static boolean verify(String algorithm, RSAPublicKey key, byte[] message, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static RSAPublicKey publicKey(BigInteger modulus, BigInteger exponent) {
        try {
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA", e);
        }
    }

    private static RSAPrivateCrtKey checked(RSAPrivateCrtKeySpec spec) throws Malformed {
        BigInteger one = BigInteger.ONE;
        BigInteger p = spec.getPrimeP();
        BigInteger q = spec.getPrimeQ();
        if (p.compareTo(one) <= 0 || q.compareTo(one) <= 0 || !p.multiply(q).equals(spec.getModulus())) {
            throw new Malformed("RSA key whose primes are not its modulus");
        }
        BigInteger e = spec.getPublicExponent();
        BigInteger d = spec.getPrivateExponent();
        boolean belongs = e.multiply(d).mod(p.subtract(one)).equals(one)
                && e.multiply(d).mod(q.subtract(one)).equals(one)
                && d.mod(p.subtract(one)).equals(spec.getPrimeExponentP())
                && d.mod(q.subtract(one)).equals(spec.getPrimeExponentQ())
                && spec.getCrtCoefficient().multiply(q).mod(p).equals(one);
        if (!belongs) {
            throw new Malformed("RSA key whose numbers do not belong together");
        }
        try {
            return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (GeneralSecurityException ex) {
            throw new Malformed("RSA key refused");
        }
    }
}
