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

    /// Assembles a policy: what the options refuse first, then `lines`, then the named list or the
    /// default one (which stays without effect when a line already covers everything). No lines, neither
    /// `ipv6Exit` nor a name: no exit at all, as C tor decides when nothing was said.
    ///
    /// @param lines the operator's; one line may hold several entries, separated by commas
    /// @throws ExitPolicyException naming every bad entry
    public static ExitPolicy parse(List<String> lines, ExitPolicyOptions options) throws ExitPolicyException {
        if (lines.isEmpty() && !options.ipv6Exit() && options.named().isEmpty()) {
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
        rules.addAll(ownRules(options.named().orElse(NamedExitPolicy.DEFAULT).lines()));
        ExitPolicyRedundancy.remove(rules);
        return new ExitPolicy(rules, warnings);
    }

    /// The policy that another relay's descriptor states, nothing added.
    ///
    /// @param lines `accept`, `reject` and their like for IPv6, in the order of the descriptor
    /// @throws ExitPolicyException naming every bad line
    public static ExitPolicy ofDescriptor(List<String> lines) throws ExitPolicyException {
        return new ExitPolicy(parseLines(lines), List.of());
    }

    /// Whether a stream may go there. `ip` has 4 or 16 bytes. An IPv4 address in IPv6 clothes
    /// (`::ffff:192.0.2.1`) would be reached over IPv4, so both families have to accept it.
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

    /// What a microdescriptor's `p` line says of IPv4, like `accept 80,443`; `reject 1-65535` when no
    /// port is open.
    public String ipv4Summary() {
        return ExitPolicySummary.of(rules, false);
    }

    /// Whether authorities would give the flag Exit: on 80 and on 443 some /8 of public IPv4 addresses is
    /// open (dir-spec, "Exit"; private networks count in a testing network, as C tor's
    /// DirAllowPrivateAddresses has it).
    public boolean deservesExitFlag(boolean testing) {
        return reachesWholeNetwork(80, testing) && reachesWholeNetwork(443, testing);
    }

    /// As authorities look at it: a /8 of which any part was refused before is lost, and so is one whose
    /// first address is private.
    private boolean reachesWholeNetwork(int port, boolean testing) {
        boolean[] refused = new boolean[256];
        for (ExitPolicyRule rule : rules) {
            if (rule.isIpv6() || port < rule.portMin() || port > rule.portMax()) {
                continue;
            }
            int first = rule.ip()[0] & 0xff;
            int last = rule.bits() >= 8 ? first : first | (0xff >> rule.bits());
            for (int network = rule.bits() >= 8 ? first : first & ~(0xff >> rule.bits()); network <= last; network++) {
                if (refused[network] || (!testing && Ip.isPrivate(new byte[] {(byte) network, 0, 0, 0}))) {
                    continue;
                }
                if (rule.accept() && rule.bits() <= 8) {
                    return true;
                }
                refused[network] |= !rule.accept();
            }
        }
        return false;
    }

    /// What stands behind `ipv6-policy`, like `accept 80,443`; null when no IPv6 port is open and the
    /// line is left out.
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
