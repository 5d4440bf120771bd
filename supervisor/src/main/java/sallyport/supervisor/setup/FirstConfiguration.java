package sallyport.supervisor.setup;

import static sallyport.supervisor.setup.Question.NONE;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file that `init` writes: everything that was decided, each with why it stands there.
public final class FirstConfiguration {
    private final Map<Question, String> answers;
    private final List<String> authorities;

    /// @param answers one to each question, in its form
    /// @param authorities of a private network, as torrc's `DirAuthority` has them; empty: the public
    /// network
    public FirstConfiguration(Map<Question, String> answers, List<String> authorities) {
        this.answers = new EnumMap<>(answers);
        this.authorities = List.copyOf(authorities);
    }

    /// The file's text. The same answers make the same text.
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.addAll(List.of(
                "# A fleet of Tor relays, written by `sallyport init`; from here on it is yours to change.",
                "#   sallyport config explain KEY      what a key means, and its default",
                "#   sallyport plan --config FILE      what a change of this file would do",
                "# Keep this file and FILE.lock in version control: a lost machine is rebuilt from them and the keys.",
                "",
                "# Holds the relays' keys. Back it up: without them every relay begins anew.",
                "data-directory = " + quoted(Question.DATA_DIRECTORY),
                "",
                "# Names that clients ask for are asked of nobody else. One on this machine sees them first, and last.",
                "resolver = " + list(Question.RESOLVER)));
        if (!authorities.isEmpty()) {
            lines.addAll(List.of("", "# A private network. Without this section it is the public one.", "network {"));
            lines.add("  kind = testing");
            lines.add("  authorities = [");
            authorities.forEach(line -> lines.add("    " + quoted(line)));
            lines.addAll(List.of("  ]", "}"));
        }
        lines.addAll(List.of(
                "",
                "fleet {",
                "  # What holds for all relays; a group, a host or a single relay may say otherwise.",
                "  defaults {",
                "    or-port = " + answer(Question.OR_PORT)));
        policy(lines);
        if (has(Question.IPV6) && !answer(Question.POLICY).equals("none")) {
            lines.addAll(List.of(
                    "",
                    "    # Streams may go to IPv6 servers. Only where IPv6 works from here: `sallyport doctor` looks.",
                    "    ipv6-exit = true"));
        }
        lines.addAll(List.of(
                "",
                "    # Published with each relay. Whoever has a complaint or sees a fault writes there.",
                "    contact {",
                "      email = " + quoted(Question.EMAIL)));
        if (has(Question.URL)) {
            lines.add("      # `sallyport identity proof-files` makes what has to lie under /.well-known/ there.");
            lines.add("      url = " + quoted(Question.URL));
            lines.add("      # Version 3 proves a family's key instead of each relay, and needs no change when relays");
            lines.add(
                    "      # come: `sallyport identity family-keygen`, then family.ids = \"*\", then without this line.");
            lines.add("      ciissversion = 2");
        }
        lines.addAll(List.of("    }", "  }", "}", ""));
        lines.addAll(List.of(
                "pools.main {",
                "  # Counted through; the first and the last address of an IPv4 network are left out.",
                "  ipv4 = " + list(Question.IPV4)));
        if (has(Question.IPV6)) {
            lines.add("  # The address with the same number in this network belongs to the same relay.");
            lines.add("  ipv6 = " + list(Question.IPV6));
        }
        if (has(Question.RESERVE)) {
            lines.add("  # Not for relays.");
            lines.add("  reserve = " + list(Question.RESERVE));
        }
        lines.addAll(List.of(
                "}",
                "",
                "groups." + group() + " {",
                "  # Change this number, look at `plan`, and `apply`. Relays that are there never move.",
                "  count = " + answer(Question.RELAYS),
                "  nickname = " + quoted(Question.NICKNAME),
                "  # As few relays on each address as there are addresses for; `config explain groups.NAME.strategy`.",
                "  strategy = spread",
                "}"));
        return String.join("\n", lines) + "\n";
    }

    private void policy(List<String> lines) {
        lines.add("");
        if (answer(Question.POLICY).equals("none")) {
            lines.add("    # Nothing leaves here: guards and middle relays.");
            lines.add("    exit-policy = [\"reject *:*\"]");
        } else {
            lines.add("    # `sallyport config explain exit-policy` shows what each lets out.");
            lines.add("    exit-policy = " + answer(Question.POLICY));
        }
    }

    private String group() {
        return answer(Question.POLICY).equals("none") ? "relays" : "exits";
    }

    private boolean has(Question question) {
        return !answer(question).equals(NONE);
    }

    private String answer(Question question) {
        return Objects.requireNonNull(answers.get(question), question.option());
    }

    private String list(Question question) {
        return Stream.of(answer(question).split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(FirstConfiguration::quoted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private String quoted(Question question) {
        return quoted(answer(question));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
