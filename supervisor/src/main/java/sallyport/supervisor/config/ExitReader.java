package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;

/// Reads what one relay lets out: `exit-policy` and the keys around it.
final class ExitReader {
    private static final String POLICY_EXAMPLE = "\"accept *:443\" or \"reject 192.0.2.0/24:1-1024\"";

    private ExitReader() {}

    static ExitSpec read(Section relay, boolean testing) {
        return new ExitSpec(
                relay.flag("ipv6-exit", false),
                policy(relay),
                // C tor's TestingTorNetwork sets ExitPolicyRejectPrivate to 0; anywhere else it is 1.
                relay.flag("exit-policy-reject-private", !testing),
                relay.flag("exit-policy-reject-local-interfaces", false),
                relay.flag("exit-policy-cuts-streams", false));
    }

    /// The lines in order; empty when the file says nothing of it.
    private static List<String> policy(Section section) {
        Value value = section.optional("exit-policy");
        if (value == null) {
            return List.of();
        }
        List<Value> elements = value.list();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "write the rules, or [\"reject *:*\"] to let nothing out");
        }
        List<String> lines = new ArrayList<>();
        for (Value element : elements) {
            String text = element.text(POLICY_EXAMPLE);
            if (text == null) {
                continue;
            }
            if (!text.strip().equals(ExitSpec.REDUCED_POLICY)) {
                checkLine(element, text);
            } else if (element != elements.getLast()) {
                element.problem("is reduced, but rules follow", "move it to the end");
            }
            lines.add(text.strip());
        }
        return lines;
    }

    private static void checkLine(Value line, String text) {
        if (text.isBlank()) {
            line.problem("is empty", "write a rule, as " + POLICY_EXAMPLE);
            return;
        }
        try {
            ExitPolicy.parse(List.of(text), new ExitPolicyOptions(true, false, List.of(), false));
        } catch (ExitPolicyException e) {
            e.problems()
                    .forEach(problem -> line.problem(
                            Printable.quoted(problem.entry()) + " is no rule: " + problem.reason(),
                            "write it as " + POLICY_EXAMPLE));
        }
    }
}
