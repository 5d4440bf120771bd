package sallyport.engine.netdoc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import sallyport.engine.bytes.Malformed;

/// Documents captured from a private network of C tor; see `vectors/directory/ORIGIN.txt`.
@NullMarked
public final class Captured {
    /// A moment within the validity of the captured consensuses.
    public static final Instant THEN = Instant.parse("2026-11-21T22:58:30Z");

    /// The v3 identities of its three authorities.
    public static final Set<String> AUTHORITIES = Set.of(
            "E9733FC179226A0FB3893CD1F58E576BD51F0B65",
            "217FC20CB237F328CABC51B1EAB5547C7EF7DE37",
            "324A1C6A1AE2A12F898A6F348CD5FEE34948218F");

    private Captured() {}

    public static byte[] read(String name) {
        try (InputStream in = Captured.class.getResourceAsStream("/vectors/directory/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Trusts its authorities, without any certificate yet.
    public static DirectoryTrust trust() {
        return new DirectoryTrust(true, AUTHORITIES, List.of());
    }

    public static List<AuthorityCertificate> certificates() throws Malformed, Refused {
        List<AuthorityCertificate> out = new ArrayList<>();
        for (Unverified<AuthorityCertificate> one : AuthorityCertificate.parseAll(read("certs"))) {
            out.add(one.verify(trust(), THEN));
        }
        return out;
    }
}
