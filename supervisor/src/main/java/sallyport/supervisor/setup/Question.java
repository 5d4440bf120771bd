package sallyport.supervisor.setup;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What an operator has to decide before a fleet can be planned, in the order in which it is asked. The
/// configuration's reader has the last word on each answer; here only what would make no file at all is
/// refused.
public enum Question {
    RELAYS("relays", "How many relays", "3", "a number from 1 to 1000", "[1-9]\\d{0,2}|1000"),
    IPV4(
            "ipv4",
            "Their IPv4 addresses: a network, a range, or several with commas",
            "",
            "such as 198.51.100.0/26 or 198.51.100.5-198.51.100.9",
            "[0-9./, -]+"),
    IPV6(
            "ipv6",
            "Their IPv6 network, if they have one",
            "-",
            "such as 2001:db8:0:1::/64, or - for none",
            "-|[0-9a-fA-F:./, -]+"),
    RESERVE(
            "reserve",
            "Addresses among these that are not for relays: router, management",
            "-",
            "addresses or ranges with commas, or - for none",
            "-|[0-9a-fA-F:./, -]+"),
    NICKNAME(
            "nickname",
            "Nicknames, with {n} where each relay's number goes",
            "",
            "letters and digits with {n} among them, such as example{n}; at most 19 characters with the number",
            "[a-zA-Z0-9]*\\{n\\}[a-zA-Z0-9]*"),
    EMAIL("email", "The mail address where people reach you; it is published", "", "a mail address", "\\S+@\\S+"),
    URL(
            "url",
            "Your site, to be shown with a proof that these relays are yours",
            "-",
            "https://..., or - for none",
            "-|https://\\S+"),
    POLICY(
            "policy",
            "Exit policy: web, reduced, extended, default, or none for relays that let nothing out",
            "reduced",
            "one of web, reduced, extended, default, none",
            "web|reduced|extended|default|none"),
    OR_PORT("or-port", "The port where relays listen", "443", "a port, 1 to 65535", "[1-9]\\d{0,4}"),
    RESOLVER(
            "resolver",
            "Your own name server, best on this machine",
            "127.0.0.1:53",
            "ADDRESS or ADDRESS:PORT",
            "[0-9a-fA-F:.\\[\\]]+"),
    DATA_DIRECTORY(
            "data-directory",
            "Where keys and directory documents lie",
            "/var/lib/sallyport",
            "an absolute path",
            "/[^\"\\p{Cntrl}]*");

    /// The answer that means: nothing of that.
    public static final String NONE = "-";

    private final String option;
    private final String text;
    private final String fallback;
    private final String form;
    private final Predicate<String> accepts;

    Question(String option, String text, String fallback, String form, String pattern) {
        this.option = option;
        this.text = text;
        this.fallback = fallback;
        this.form = form;
        this.accepts = Pattern.compile(pattern).asMatchPredicate();
    }

    /// Its name on the command line, without dashes.
    public String option() {
        return option;
    }

    /// What is asked.
    public String text() {
        return text;
    }

    /// The answer of who does not care; empty where somebody has to.
    public Optional<String> fallback() {
        return fallback.isEmpty() ? Optional.empty() : Optional.of(fallback);
    }

    /// What an answer looks like.
    public String form() {
        return form;
    }

    /// Whether this can be an answer.
    public boolean accepts(String answer) {
        return accepts.test(answer);
    }
}
