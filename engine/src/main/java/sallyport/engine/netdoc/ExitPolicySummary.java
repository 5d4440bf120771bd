package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.List;

/// The port summary of a policy (dir-spec, "p" lines and `ipv6-policy`): which ports are open to most addresses.
final class ExitPolicySummary {
    /// What a policy without any open port is summarized to.
    static final String REJECT_ALL = "reject 1-65535";

    /// dir-spec: a summary line has at most 1000 characters.
    private static final int LENGTH_MAX = 1000;

    // C tor: a port counts as open although up to 2^48 /64 networks (an IPv6 /16) are rejected before it is accepted;
    // smaller networks than a /64 never count. For IPv4 the limit is a /7 in single addresses.
    private static final int IPV4_UNIT_BITS = 32;
    private static final long IPV4_REJECTED_MAX = 1L << (32 - 7);
    private static final int IPV6_UNIT_BITS = 64;
    private static final long IPV6_REJECTED_MAX = 1L << (64 - 16);

    private ExitPolicySummary() {}

    /// Summarizes the rules of one family.
    static String of(List<ExitPolicyRule> rules, boolean ipv6) {
        boolean[] accepted = new boolean[65536];
        long[] rejected = new long[65536];
        for (ExitPolicyRule rule : rules) {
            if (rule.isIpv6() == ipv6) {
                apply(rule, accepted, rejected);
            }
        }
        return text(accepted);
    }

    private static void apply(ExitPolicyRule rule, boolean[] accepted, long[] rejected) {
        if (rule.accept()) {
            if (rule.bits() != 0) {
                return;
            }
            long limit = rule.isIpv6() ? IPV6_REJECTED_MAX : IPV4_REJECTED_MAX;
            for (int port = rule.portMin(); port <= rule.portMax(); port++) {
                accepted[port] |= rejected[port] <= limit;
            }
            return;
        }
        int unitBits = rule.isIpv6() ? IPV6_UNIT_BITS : IPV4_UNIT_BITS;
        if (isPrivateNetwork(rule) || rule.bits() > unitBits) {
            return;
        }
        // A whole family is 2^64 units: anything beyond every limit stands for it.
        long units = unitBits - rule.bits() >= 62 ? 1L << 62 : 1L << (unitBits - rule.bits());
        for (int port = rule.portMin(); port <= rule.portMax(); port++) {
            rejected[port] = Math.min(1L << 62, rejected[port] + units);
        }
    }

    private static boolean isPrivateNetwork(ExitPolicyRule rule) {
        return ExitPolicyParser.PRIVATE_NETWORKS.contains(rule.network());
    }

    private static String text(boolean[] accepted) {
        List<String> open = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        int start = 1;
        for (int port = 1; port <= 65535; port++) {
            if (port == 65535 || accepted[port] != accepted[port + 1]) {
                (accepted[port] ? open : closed).add(start == port ? String.valueOf(port) : start + "-" + port);
                start = port + 1;
            }
        }
        if (open.isEmpty()) {
            return REJECT_ALL;
        }
        if (closed.isEmpty()) {
            return "accept 1-65535";
        }
        String accepts = String.join(",", open);
        String rejects = String.join(",", closed);
        int room = LENGTH_MAX - "accept ".length();
        if (accepts.length() > room && rejects.length() > room) {
            return "accept " + accepts.substring(0, accepts.lastIndexOf(',', room));
        }
        return rejects.length() < accepts.length() ? "reject " + rejects : "accept " + accepts;
    }
}
