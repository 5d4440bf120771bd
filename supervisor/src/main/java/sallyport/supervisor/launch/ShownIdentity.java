package sallyport.supervisor.launch;

import java.util.List;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.instance.InstanceSpec;

/// One line of `identity show`.
///
/// @param fingerprint 40 upper-case hex digits
/// @param ed25519 43 characters of base64
/// @param addresses IP addresses of the ORPort as the configuration writes them, without the port
record ShownIdentity(String id, String nickname, String fingerprint, String ed25519, List<String> addresses) {
    static ShownIdentity of(InstanceSpec relay, RelayIdentity identity) {
        return new ShownIdentity(
                relay.id(),
                relay.nickname(),
                identity.fingerprint(),
                Base64Text.unpadded(identity.ed25519()),
                relay.orAddresses().stream().map(ShownIdentity::plain).toList());
    }

    /// An array, one relay a line.
    static String json(List<ShownIdentity> identities) {
        if (identities.isEmpty()) {
            return "[]\n";
        }
        List<String> lines = identities.stream().map(ShownIdentity::json).toList();
        return "[\n  " + String.join(",\n  ", lines) + "\n]\n";
    }

    /// Columns for people.
    static String table(List<ShownIdentity> identities) {
        StringBuilder table =
                new StringBuilder(row("ID", "NICKNAME", "FINGERPRINT", "ED25519", "ADDRESSES", identities));
        for (ShownIdentity shown : identities) {
            table.append(row(
                    shown.id,
                    shown.nickname,
                    shown.fingerprint,
                    shown.ed25519,
                    String.join(" ", shown.addresses),
                    identities));
        }
        return table.toString();
    }

    private String json() {
        List<String> quoted = addresses.stream().map(ShownIdentity::quoted).toList();
        return "{\"id\": " + quoted(id) + ", \"nickname\": " + quoted(nickname) + ", \"fingerprint\": "
                + quoted(fingerprint) + ", \"ed25519\": " + quoted(ed25519) + ", \"addresses\": ["
                + String.join(", ", quoted) + "]}";
    }

    private static String row(
            String id, String nickname, String fingerprint, String ed25519, String addresses, List<ShownIdentity> all) {
        int idWidth =
                Math.max(2, all.stream().mapToInt(s -> s.id.length()).max().orElse(0));
        return String.format(
                "%-" + idWidth + "s  %-19s  %-40s  %-43s  %s%n", id, nickname, fingerprint, ed25519, addresses);
    }

    /// Everything shown is made of letters, digits and `-_+/.:`; an escape would mean that a check elsewhere failed.
    private static String quoted(String text) {
        if (!text.matches("[A-Za-z0-9_+/.:-]*")) {
            throw new IllegalStateException("a text that needs escaping in JSON");
        }
        return '"' + text + '"';
    }

    private static String plain(RelayAddress address) {
        String host = address.host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
