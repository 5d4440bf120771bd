package sallyport.lab.dirauth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.AuthorityCertificate;

/// What authorities say of their keys: of each the certificate of its last vote, and behind it the one
/// before, by which the last consensus is signed. Not for several threads.
final class KnownCertificates {
    // Ours: who renews its key does so once a year.
    private static final int EACH_MAX = 2;

    // By identity in upper-case hex, the newest first.
    private final Map<String, List<AuthorityCertificate>> certificates = new TreeMap<>();

    void know(AuthorityCertificate said) {
        certificates.compute(Hex.upper(said.identity()), (_, held) -> with(said, held));
    }

    List<AuthorityCertificate> all() {
        return certificates.values().stream().flatMap(List::stream).toList();
    }

    /// The newest of one authority, by its identity in upper-case hex; none where it never voted.
    List<AuthorityCertificate> newestOf(String identity) {
        return certificates.getOrDefault(identity, List.of()).stream().limit(1).toList();
    }

    private static List<AuthorityCertificate> with(
            AuthorityCertificate said, @Nullable List<AuthorityCertificate> held) {
        List<AuthorityCertificate> all = new ArrayList<>(held == null ? List.of() : held);
        all.removeIf(each -> Arrays.equals(each.signingKeyDigest(), said.signingKeyDigest()));
        all.add(said);
        all.sort(Comparator.comparing(AuthorityCertificate::published).reversed());
        return List.copyOf(all.subList(0, Math.min(all.size(), EACH_MAX)));
    }
}
