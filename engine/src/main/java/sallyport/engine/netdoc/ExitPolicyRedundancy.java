package sallyport.engine.netdoc;

import java.util.List;

/// Drops rules that can never decide, so that descriptors stay short. What a policy accepts stays the same.
final class ExitPolicyRedundancy {
    private ExitPolicyRedundancy() {}

    static void remove(List<ExitPolicyRule> rules) {
        removeBehindCatchAll(rules);
        removeCoveredByEarlier(rules);
        removeCoveredByLater(rules);
    }

    private static void removeBehindCatchAll(List<ExitPolicyRule> rules) {
        boolean ipv4Done = false;
        boolean ipv6Done = false;
        for (int i = 0; i < rules.size(); i++) {
            ExitPolicyRule rule = rules.get(i);
            if (rule.isIpv6() ? ipv6Done : ipv4Done) {
                rules.remove(i--);
            } else if (rule.isCatchAll()) {
                ipv6Done |= rule.isIpv6();
                ipv4Done |= !rule.isIpv6();
            }
        }
    }

    private static void removeCoveredByEarlier(List<ExitPolicyRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            ExitPolicyRule earlier = rules.get(i);
            for (int j = i + 1; j < rules.size(); j++) {
                if (earlier.covers(rules.get(j))) {
                    rules.remove(j--);
                }
            }
        }
    }

    /// A rule also goes when a later one says the same of more, and nothing between them says otherwise of any part.
    private static void removeCoveredByLater(List<ExitPolicyRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            if (isRepeatedLater(rules, i)) {
                rules.remove(i--);
            }
        }
    }

    private static boolean isRepeatedLater(List<ExitPolicyRule> rules, int index) {
        ExitPolicyRule rule = rules.get(index);
        for (ExitPolicyRule later : rules.subList(index + 1, rules.size())) {
            if (later.accept() == rule.accept()) {
                if (later.covers(rule)) {
                    return true;
                }
            } else if (later.intersects(rule)) {
                return false;
            }
        }
        return false;
    }
}
