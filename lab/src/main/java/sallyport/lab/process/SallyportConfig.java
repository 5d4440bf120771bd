package sallyport.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A configuration file of ours for relays in a private network, written as an operator would write it.
///
/// @param authorityLines torrc DirAuthority arguments, verbatim
/// @param resolvers `host:port`; the system's if empty
/// @param more further lines at the top level
public record SallyportConfig(
        Path dataDirectory,
        List<String> authorityLines,
        List<String> resolvers,
        List<Relay> relays,
        List<String> more) {

    /// One entry of `relays`. It is its own builder: the `with…` methods answer changed copies.
    ///
    /// @param outboundExit the source address of its exit connections
    /// @param exitPolicy rules, first match decides
    /// @param more further lines of this relay, HOCON
    public record Relay(
            String nickname,
            String address,
            int orPort,
            String outboundExit,
            List<String> exitPolicy,
            List<String> more) {

        /// An exit to everywhere, private addresses included.
        public static Relay exit(String nickname, String address, int orPort, String outboundExit) {
            return new Relay(nickname, address, orPort, outboundExit, List.of("accept *:*"), List.of());
        }

        /// The same with this exit policy.
        public Relay withPolicy(String... rules) {
            return new Relay(nickname, address, orPort, outboundExit, List.of(rules), more);
        }

        /// The same with further lines, such as `exit-policy-reject-private = true`.
        public Relay with(String... lines) {
            List<String> all = new ArrayList<>(more);
            all.addAll(List.of(lines));
            return new Relay(nickname, address, orPort, outboundExit, exitPolicy, all);
        }

        private List<String> lines() {
            List<String> lines = new ArrayList<>(List.of(
                    "  {",
                    "    nickname = " + quoted(nickname),
                    "    address = " + quoted(address),
                    "    or-port = " + orPort,
                    "    outbound-bind-address-exit = " + quoted(outboundExit),
                    "    outbound-bind-address-or = " + quoted(address),
                    "    exit-policy = " + list(exitPolicy),
                    "    exit-policy-reject-private = false",
                    "    ipv6-exit = true",
                    "    contact = \"lab[]example.org\""));
            more.forEach(line -> lines.add("    " + line));
            lines.add("  }");
            return lines;
        }
    }

    /// The file's text.
    public String text() {
        List<String> lines = new ArrayList<>(List.of(
                "data-directory = " + quoted(dataDirectory.toString()),
                "network {",
                "  kind = testing",
                "  authorities = " + list(authorityLines),
                "}"));
        if (!resolvers.isEmpty()) {
            lines.add("resolver = " + list(resolvers));
        }
        lines.addAll(more);
        lines.add("relays = [");
        relays.forEach(relay -> lines.addAll(relay.lines()));
        lines.add("]");
        return String.join("\n", lines) + "\n";
    }

    private static String list(List<String> values) {
        return "["
                + String.join(", ", values.stream().map(SallyportConfig::quoted).toList()) + "]";
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
