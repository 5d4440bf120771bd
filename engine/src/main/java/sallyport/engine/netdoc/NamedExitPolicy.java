package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Exit policies that have a name, each a whole policy: a list of ports of all addresses, or all but a
/// list.
public enum NamedExitPolicy {
    /// What C tor has without a word of the operator's (tor manual, ExitPolicy).
    DEFAULT("reject", "25 119 135-139 445 563 1214 4661-4666 6346-6429 6699 6881-6999"),
    /// C tor's `ReducedExitPolicy`.
    REDUCED("accept", Ports.REDUCED),
    /// The reduced list as operators publish it: with DNS over TLS (853), and beside Electrum's port with
    /// TLS (50002) the one without (50001). C tor's own list has neither.
    EXTENDED("accept", Ports.REDUCED + " 853 50001"),
    /// HTTP and HTTPS: the least with which authorities give the flag Exit (dir-spec, "Exit").
    WEB("accept", "80 443");

    private final String verb;
    private final String ports;

    /// @param ports separated by spaces; the policy does the contrary with all others
    NamedExitPolicy(String verb, String ports) {
        this.verb = verb;
        this.ports = ports;
    }

    /// Its name in a configuration.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The policy of that name; empty when there is none.
    public static Optional<NamedExitPolicy> of(String word) {
        return Arrays.stream(values())
                .filter(policy -> policy.word().equals(word))
                .findFirst();
    }

    /// The ports that clients see open, as a microdescriptor's `p` line says it; of IPv6 too, where a
    /// relay exits there.
    public String summary() {
        try {
            return ExitPolicy.parse(List.of(), new ExitPolicyOptions(true, true, List.of(), Optional.of(this)))
                    .ipv4Summary();
        } catch (ExitPolicyException e) {
            throw new IllegalStateException("our own policy", e);
        }
    }

    /// All of it; the last rule covers everything.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Arrays.stream(ports.split(" ", -1)).forEach(range -> lines.add(verb + " *:" + range));
        lines.add((verb.equals("accept") ? "reject" : "accept") + " *:*");
        return lines;
    }

    /// What constants of an enum are made of must stand in another class.
    private static final class Ports {
        static final String REDUCED = "20-23 43 53 79-81 88 110 143 194 220 389 443 464 465 531 543-544 554 "
                + "563 587 636 706 749 873 902-904 981 989-995 1194 1220 1293 1500 1533 1677 1723 1755 1863 2082-2083 "
                + "2086-2087 2095-2096 2102-2104 3128 3389 3690 4321 4643 5050 5190 5222-5223 5228 5900 6660-6669 6679 "
                + "6697 8000 8008 8074 8080 8082 8087-8088 8232-8233 8332-8333 8443 8888 9418 9999 10000 11371 "
                + "18080-18081 18089 19294 19638 50002 64738";

        private Ports() {}
    }
}
