package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;

/// Where an exit lets streams go: an ordered list of rules, the first match decides. Immutable; any thread.
/// Assembled and written as C tor does (tor manual, ExitPolicy; dir-spec "accept" and "ipv6-policy").
public final class ExitPolicy {
    private static final List<String> DEFAULT_LINES = List.of("reject *:25,reject *:119,reject *:135-139,reject *:445,"
            + "reject *:563,reject *:1214,reject *:4661-4666,reject *:6346-6429,reject *:6699,reject *:6881-6999,"
            + "accept *:*");

    private static final String REDUCED_PORTS = "20-23 43 53 79-81 88 110 143 194 220 389 443 464 465 531 543-544 554 "
            + "563 587 636 706 749 873 902-904 981 989-995 1194 1220 1293 1500 1533 1677 1723 1755 1863 2082-2083 "
            + "2086-2087 2095-2096 2102-2104 3128 3389 3690 4321 4643 5050 5190 5222-5223 5228 5900 6660-6669 6679 "
            + "6697 8000 8008 8074 8080 8082 8087-8088 8232-8233 8332-8333 8443 8888 9418 9999 10000 11371 "
            + "18080-18081 18089 19294 19638 50002 64738";

    /// Refuses everything: a relay that is no exit.
    public static final ExitPolicy REJECT_ALL = new ExitPolicy(ownRules(List.of("reject *:*")), List.of());

    private final List<ExitPolicyRule> rules;
    private final List<String> warnings;
    private final boolean rejectsAll;

    private ExitPolicy(List<ExitPolicyRule> rules, List<String> warnings) {
        this.rules = List.copyOf(rules);
        this.warnings = List.copyOf(warnings);
        this.rejectsAll = rejectsFamily(false) && rejectsFamily(true);
    }

    /// Assembles a policy: what the options refuse first, then `lines`, then the default or the reduced list (which
    /// stays without effect when a line already covers everything). No lines, neither `ipv6Exit` nor `reduced`:
    /// no exit at all, as C tor decides when nothing was said.
    ///
    /// @param lines the operator's; one line may hold several entries, separated by commas
    /// @throws ExitPolicyException naming every bad entry
    public static ExitPolicy parse(List<String> lines, ExitPolicyOptions options) throws ExitPolicyException {
        if (lines.isEmpty() && !options.ipv6Exit() && !options.reduced()) {
            return REJECT_ALL;
        }
        List<ExitPolicyRule> rules = new ArrayList<>();
        if (!options.ipv6Exit()) {
            rules.addAll(ownRules(List.of("reject *6:*")));
        }
        if (options.rejectPrivate()) {
            rules.addAll(ownRules(List.of("reject private:*")));
        }
        addOwnAddresses(rules, options);
        ExitPolicyRedundancy.remove(rules);
        rules.addAll(parseLines(lines));
        List<String> warnings = new ArrayList<>();
        ExitPolicyRule unreachable = firstUnreachable(rules);
        if (unreachable != null) {
            warnings.add("`" + unreachable.text() + "` and what follows has no effect: `*:*` stands before it");
        }
        rules.addAll(ownRules(options.reduced() ? reducedLines() : DEFAULT_LINES));
        ExitPolicyRedundancy.remove(rules);
        return new ExitPolicy(rules, warnings);
    }

    /// Whether a stream may go there. `ip` has 4 or 16 bytes. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`)
    /// would be reached over IPv4, so both families have to accept it.
    public boolean accepts(byte[] ip, int port) {
        return acceptsPlain(ip, port) && (!isMappedIpv4(ip) || acceptsPlain(Arrays.copyOfRange(ip, 12, 16), port));
    }

    /// Whether no stream at all is let out.
    public boolean rejectsAll() {
        return rejectsAll;
    }

    /// The `accept` and `reject` lines of a server descriptor: IPv4 only, since C tor's authorities refuse
    /// descriptors with `accept6`.
    public List<String> descriptorLines() {
        if (rejectsAll) {
            return List.of("reject *:*");
        }
        return rules.stream()
                .filter(rule -> !rule.isIpv6())
                .map(ExitPolicyRule::text)
                .toList();
    }

    /// What stands behind `ipv6-policy`, like `accept 80,443`; null when no IPv6 port is open and the line is left out.
    public @Nullable String ipv6Summary() {
        String summary = ExitPolicySummary.of(rules, true);
        return summary.equals(ExitPolicySummary.REJECT_ALL) ? null : summary;
    }

    /// All rules of both families in order, as C tor's `GETINFO exit-policy/full` tells them.
    public List<String> fullLines() {
        return rules.stream().map(ExitPolicyRule::text).toList();
    }

    /// What the operator should know about lines that were accepted.
    public List<String> warnings() {
        return warnings;
    }

    private boolean acceptsPlain(byte[] ip, int port) {
        for (ExitPolicyRule rule : rules) {
            if (rule.matches(ip, port)) {
                return rule.accept();
            }
        }
        return true;
    }

    private boolean rejectsFamily(boolean ipv6) {
        for (ExitPolicyRule rule : rules) {
            if (rule.isIpv6() == ipv6 && (rule.accept() || rule.isCatchAll())) {
                return !rule.accept();
            }
        }
        return true;
    }

    private static List<ExitPolicyRule> parseLines(List<String> lines) throws ExitPolicyException {
        List<ExitPolicyRule> rules = new ArrayList<>();
        List<ExitPolicyException.Problem> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            for (String entry : lines.get(i).split(",", -1)) {
                if (entry.isBlank()) {
                    continue;
                }
                try {
                    rules.addAll(ExitPolicyParser.parse(entry));
                } catch (Malformed e) {
                    problems.add(new ExitPolicyException.Problem(i, entry.strip(), String.valueOf(e.getMessage())));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ExitPolicyException(problems);
        }
        return rules;
    }

    private static void addOwnAddresses(List<ExitPolicyRule> rules, ExitPolicyOptions options) {
        for (RelayAddress address : options.ownAddresses()) {
            byte[] ip = address.ip();
            boolean refusedAnyway = Ip.isPrivate(ip) || (ip.length == 4 && (ip[0] & 0xf0) == 0xe0);
            if (!refusedAnyway && (ip.length == 4 || options.ipv6Exit())) {
                rules.add(new ExitPolicyRule(false, ip, ip.length * 8, 1, 65535));
            }
        }
    }

    private static @Nullable ExitPolicyRule firstUnreachable(List<ExitPolicyRule> rules) {
        boolean ipv4Done = false;
        boolean ipv6Done = false;
        for (ExitPolicyRule rule : rules) {
            if (ipv4Done && ipv6Done) {
                return rule;
            }
            ipv4Done |= rule.isCatchAll() && !rule.isIpv6();
            ipv6Done |= rule.isCatchAll() && rule.isIpv6();
        }
        return null;
    }

    private static List<String> reducedLines() {
        List<String> lines = new ArrayList<>();
        for (String ports : REDUCED_PORTS.split(" ", -1)) {
            lines.add("accept *:" + ports);
        }
        lines.add("reject *:*");
        return lines;
    }

    private static List<ExitPolicyRule> ownRules(List<String> lines) {
        try {
            return parseLines(lines);
        } catch (ExitPolicyException e) {
            throw new IllegalStateException("our own policy lines", e);
        }
    }

    private static boolean isMappedIpv4(byte[] ip) {
        if (ip.length != 16 || ip[10] != -1 || ip[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (ip[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
