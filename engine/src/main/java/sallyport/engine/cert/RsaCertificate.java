package sallyport.engine.cert;

import java.math.BigInteger;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Der;
import sallyport.engine.crypto.DerReader;
import sallyport.engine.crypto.Rsa;

/// The little X.509 of Tor's links: one RSA key, two names, a lifetime, no extensions; signed by the RSA identity
/// (tor-spec "Negotiating and initializing connections"). Names are never looked at.
/// @param key the certified key
/// @param notBefore start of its lifetime
/// @param notAfter end of its lifetime
/// @param encoded the whole certificate
public record RsaCertificate(
        RSAPublicKey key,
        Instant notBefore,
        Instant notAfter,
        String algorithm,
        byte[] signed,
        byte[] signature,
        byte[] encoded) {
    /// C tor's tolerance for clocks that are wrong: an X.509 certificate counts this long after its end ...
    static final Duration PAST_TOLERANCE = Duration.ofDays(2);
    /// ... and this long before its start.
    static final Duration FUTURE_TOLERANCE = Duration.ofDays(30);

    private static final byte[] OID_RSA = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1};
    private static final byte[] OID_SHA256_RSA = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 11};
    private static final byte[] OID_COMMON_NAME = {0x55, 4, 3};
    private static final int TAG_CONTEXT_0 = 0xa0;

    /// Makes a certificate over `key`.
    /// @param serial eight random bytes, read as a positive number
    public static byte[] build(
            RSAPublicKey key,
            String subject,
            RSAPrivateCrtKey issuerKey,
            String issuer,
            byte[] serial,
            Instant notBefore,
            Instant notAfter) {
        byte[] algorithm = Der.sequence(Der.oid(OID_SHA256_RSA), Der.nul());
        byte[] keyInfo = Der.sequence(Der.sequence(Der.oid(OID_RSA), Der.nul()), Der.bitString(Rsa.pkcs1(key)));
        byte[] signed = Der.sequence(
                Der.context0(Der.integer(2)),
                Der.integer(new BigInteger(1, serial)),
                algorithm,
                name(issuer),
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                name(subject),
                keyInfo);
        return Der.sequence(signed, algorithm, Der.bitString(Rsa.sign("SHA256withRSA", issuerKey, signed)));
    }

    /// Reads any X.509 certificate over an RSA key.
    public static RsaCertificate decode(byte[] encoded) throws Malformed {
        DerReader outside = new DerReader(encoded);
        DerReader certificate = outside.sequence();
        outside.end();
        byte[] signed = certificate.element();
        byte[] identifier = certificate.element();
        String algorithm = algorithm(new DerReader(identifier).sequence());
        byte[] signature = certificate.bitString();
        certificate.end();

        DerReader body = new DerReader(signed).sequence();
        body.skipIf(TAG_CONTEXT_0);
        body.integer();
        // RFC 5280 4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field".
        if (!Arrays.equals(body.element(), identifier)) {
            throw new Malformed("X.509 certificate with two signature algorithms");
        }
        body.sequence();
        DerReader validity = body.sequence();
        Instant notBefore = validity.time();
        Instant notAfter = validity.time();
        body.sequence();
        DerReader keyInfo = body.sequence();
        if (!Arrays.equals(keyInfo.sequence().oid(), OID_RSA)) {
            throw new Malformed("X.509 certificate without an RSA key");
        }
        RSAPublicKey key = Rsa.publicKey(keyInfo.bitString());
        return new RsaCertificate(key, notBefore, notAfter, algorithm, signed, signature, encoded.clone());
    }

    /// Checks signature and time, with C tor's tolerance.
    public void verify(RSAPublicKey issuer, Instant now) throws Malformed {
        if (now.isAfter(notAfter.plus(PAST_TOLERANCE))) {
            throw new Malformed("X.509 certificate expired");
        }
        if (now.isBefore(notBefore.minus(FUTURE_TOLERANCE))) {
            throw new Malformed("X.509 certificate of the future");
        }
        if (!Rsa.verify(algorithm, issuer, signed, signature)) {
            throw new Malformed("X.509 certificate badly signed");
        }
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(OID_COMMON_NAME), Der.utf8(commonName))));
    }

    /// C tor signs with SHA-256; the others are what its check would take as well.
    private static String algorithm(DerReader identifier) throws Malformed {
        byte[] oid = identifier.oid();
        int last = oid[oid.length - 1];
        byte[] sameArc = OID_SHA256_RSA.clone();
        sameArc[sameArc.length - 1] = (byte) last;
        String name = Arrays.equals(oid, sameArc) ? algorithmOfArc(last) : null;
        if (name == null) {
            throw new Malformed("X.509 certificate with another signature algorithm");
        }
        return name;
    }

    private static @Nullable String algorithmOfArc(int last) {
        return switch (last) {
            case 5 -> "SHA1withRSA";
            case 11 -> "SHA256withRSA";
            case 12 -> "SHA384withRSA";
            case 13 -> "SHA512withRSA";
            default -> null;
        };
    }
}
