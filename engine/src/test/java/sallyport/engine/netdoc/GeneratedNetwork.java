package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.DrawnRsaKeys;

/// A network made up by the test: authorities with keys of their own who sign whatever the test wants.
@NullMarked
public final class GeneratedNetwork {
    public static final Instant START = Instant.parse("2030-05-01T12:00:00Z");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    /// One made-up relay: identity, digest of its document, address `10.a.b.c` from `number`.
    @SuppressWarnings("ArrayRecordComponent")
    public record Relay(byte[] identity, byte[] document, String nickname, String ip, int port) {}

    private record Signer(RSAPrivateCrtKey identity, RSAPrivateCrtKey signing) {
        byte[] ident() {
            return Hashes.sha1(Rsa.pkcs1(identity));
        }

        byte[] signingDigest() {
            return Hashes.sha1(Rsa.pkcs1(signing));
        }
    }

    private final List<Signer> signers = new ArrayList<>();

    public GeneratedNetwork(int authorities) {
        this(authorities, _ -> Rsa.generate(1024));
    }

    private GeneratedNetwork(int authorities, IntFunction<RSAPrivateCrtKey> keys) {
        for (int i = 0; i < authorities; i++) {
            signers.add(new Signer(keys.apply(2 * i), keys.apply(2 * i + 1)));
        }
    }

    /// One whose authorities have the same keys in every run.
    public static GeneratedNetwork sameEachTime(int authorities) {
        return new GeneratedNetwork(authorities, number -> DrawnRsaKeys.of(1024, number));
    }

    public Set<String> idents() {
        return signers.stream().map(signer -> Hex.upper(signer.ident())).collect(Collectors.toSet());
    }

    public byte[] ident(int authority) {
        return signers.get(authority).ident();
    }

    public DirectoryTrust trust(int... certified) throws Exception {
        DirectoryTrust trust = new DirectoryTrust(true, idents(), List.of());
        List<AuthorityCertificate> certificates = new ArrayList<>();
        for (int authority : certified) {
            certificates.add(AuthorityCertificate.parseAll(certificate(authority))
                    .getFirst()
                    .verify(trust, START));
        }
        return trust.with(certificates);
    }

    public byte[] certificate(int authority) {
        Signer signer = signers.get(authority);
        return certificate(signer.identity(), signer.identity(), signer.signing(), signer.signing());
    }

    /// A certificate of `identity`, signed by `by`, for `signing`, cross-signed by `cross`: lies are possible.
    static byte[] certificate(
            RSAPrivateCrtKey identity, RSAPrivateCrtKey by, RSAPrivateCrtKey signing, RSAPrivateCrtKey cross) {
        byte[] ident = Hashes.sha1(Rsa.pkcs1(identity));
        String head = "dir-key-certificate-version 3\nfingerprint " + Hex.upper(ident)
                + "\ndir-key-published " + TIME.format(START.minus(Duration.ofDays(30)))
                + "\ndir-key-expires " + TIME.format(START.plus(Duration.ofDays(60)))
                + "\ndir-identity-key\n" + Rsa.publicPem(Rsa.pkcs1(identity))
                + "dir-signing-key\n" + Rsa.publicPem(Rsa.pkcs1(signing))
                + "dir-key-crosscert\n" + object("ID SIGNATURE", Rsa.signRaw(cross, ident))
                + "dir-key-certification\n";
        return ascii(head + object("SIGNATURE", Rsa.signRaw(by, Hashes.sha1(ascii(head)))));
    }

    byte[] falseCertificate(int authority, boolean cross) {
        Signer signer = signers.get(authority);
        RSAPrivateCrtKey other = Rsa.generate(1024);
        return cross
                ? certificate(signer.identity(), signer.identity(), signer.signing(), other)
                : certificate(signer.identity(), other, signer.signing(), signer.signing());
    }

    /// Relays with random identities, sorted, at 10.x.x.x.
    public static List<Relay> relays(int count, Flavor flavor, RandomGenerator random) {
        List<Relay> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] identity = new byte[20];
            byte[] document = new byte[flavor == Flavor.NS ? 20 : 32];
            random.nextBytes(identity);
            random.nextBytes(document);
            String ip = "10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff);
            out.add(new Relay(identity, document, "relay" + i, ip, 1000 + i % 60000));
        }
        out.sort((a, b) -> Arrays.compareUnsigned(a.identity(), b.identity()));
        return out;
    }

    /// A consensus of hourly interval that these authorities sign.
    public byte[] consensus(Flavor flavor, Instant validAfter, List<Relay> relays, int... by) {
        return consensus(flavor, validAfter, relays, text -> text, by);
    }

    /// Likewise, with a change made before it is signed.
    public byte[] consensus(
            Flavor flavor, Instant validAfter, List<Relay> relays, UnaryOperator<String> change, int... by) {
        StringBuilder text = new StringBuilder("network-status-version 3")
                .append(flavor == Flavor.NS ? "" : " microdesc")
                .append("\nvote-status consensus\nconsensus-method 35\nvalid-after ")
                .append(TIME.format(validAfter))
                .append("\nfresh-until ")
                .append(TIME.format(validAfter.plus(Duration.ofHours(1))))
                .append("\nvalid-until ")
                .append(TIME.format(validAfter.plus(Duration.ofHours(3))))
                .append("\nvoting-delay 300 300\nknown-flags Exit Running Valid\nparams a=-7 b=2147483647 c=3\n");
        for (Signer signer : signers) {
            text.append("dir-source a ")
                    .append(Hex.upper(signer.ident()))
                    .append(" 127.0.0.1 127.0.0.1 7000 5000\ncontact x\nvote-digest ")
                    .append("00".repeat(20))
                    .append('\n');
        }
        for (Relay relay : relays) {
            text.append("r ").append(relay.nickname()).append(' ').append(Base64Text.unpadded(relay.identity()));
            if (flavor == Flavor.NS) {
                text.append(' ').append(Base64Text.unpadded(relay.document()));
            }
            text.append(" 2030-05-01 11:00:00 ")
                    .append(relay.ip())
                    .append(' ')
                    .append(relay.port())
                    .append(" 0\n");
            if (flavor == Flavor.MICRODESC) {
                text.append("m ").append(Base64Text.unpadded(relay.document())).append('\n');
            }
            text.append("s Exit Running Valid\nv Tor 0.4.9.11\npr Link=1-5\nw Bandwidth=10\n");
        }
        String signed = change.apply(text + "directory-footer\nbandwidth-weights Wbd=0\ndirectory-signature ");
        String algorithm = flavor == Flavor.NS ? "" : "sha256 ";
        byte[] body = ascii(signed);
        byte[] digest = flavor == Flavor.NS ? Hashes.sha1(body) : Hashes.sha256(body);
        StringBuilder out = new StringBuilder(signed);
        for (int i = 0; i < by.length; i++) {
            Signer signer = signers.get(by[i]);
            out.append(i == 0 ? "" : "directory-signature ")
                    .append(algorithm)
                    .append(Hex.upper(signer.ident()))
                    .append(' ')
                    .append(Hex.upper(signer.signingDigest()))
                    .append('\n')
                    .append(object("SIGNATURE", Rsa.signRaw(signer.signing(), digest)));
        }
        return ascii(out.toString());
    }

    private static String object(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64Text.wrapped(bytes) + "-----END " + type + "-----\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
