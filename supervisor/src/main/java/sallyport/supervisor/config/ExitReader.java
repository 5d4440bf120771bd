package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.netdoc.NamedExitPolicy;

/// Reads what one relay lets out: `exit-policy` and the keys around it.
final class ExitReader {
    private static final String POLICY_EXAMPLE = "\"accept *:443\" or \"reject 192.0.2.0/24:1-1024\"";

    private static final Set<String> NAMES =
            Arrays.stream(NamedExitPolicy.values()).map(NamedExitPolicy::word).collect(Collectors.toSet());

    private ExitReader() {}

    static ExitSpec read(Section relay, boolean testing) {
        boolean ipv6 = relay.flag("ipv6-exit", false);
        Value value = relay.optional("exit-policy");
        ExitSpec exit = new ExitSpec(
                ipv6,
                value == null ? List.of() : policy(value),
                // C tor's TestingTorNetwork sets ExitPolicyRejectPrivate to 0; anywhere else it is 1.
                relay.flag("exit-policy-reject-private", !testing),
                relay.flag("exit-policy-reject-local-interfaces", false),
                relay.flag("exit-policy-cuts-streams", false));
        boolean judged = Stream.of("ipv6-exit", "exit-policy-reject-private")
                .map(relay::keyOf)
                .noneMatch(relay.problems()::isAbout);
        if (value != null && judged && promisesInVain(exit)) {
            value.problem(
                    "accepts something, and yet reaches nothing",
                    "write " + POLICY_EXAMPLE + " before what refuses it"
                            + (exit.ipv6() ? "" : ", for IPv6 with" + " ipv6-exit = true")
                            + ", or [\"reject *:*\"] alone to let nothing out");
        }
        return exit;
    }

    /// The lines in order.
    private static List<String> policy(Value value) {
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
            if (NamedExitPolicy.of(text.strip()).isEmpty()) {
                checkLine(element, text);
            } else if (element != elements.getLast()) {
                element.problem("is " + text.strip() + ", but rules follow", "move it to the end");
            }
            lines.add(text.strip());
        }
        return lines;
    }

    /// Whether a rule accepts, or a policy is named, of which nothing is left behind what is refused
    /// before. What is wrong with the rules was said.
    private static boolean promisesInVain(ExitSpec exit) {
        boolean promises = exit.named().isPresent()
                || exit.rules().stream()
                        .flatMap(line -> Arrays.stream(line.split(",", -1)))
                        .anyMatch(rule -> rule.strip().toLowerCase(Locale.ROOT).startsWith("accept"));
        try {
            return promises
                    && ExitPolicy.parse(
                                    exit.rules(),
                                    new ExitPolicyOptions(exit.ipv6(), exit.rejectsPrivate(), List.of(), exit.named()))
                            .rejectsAll();
        } catch (ExitPolicyException e) {
            return false;
        }
    }

    private static void checkLine(Value line, String text) {
        if (text.isBlank()) {
            line.problem("is empty", "write a rule, as " + POLICY_EXAMPLE);
            return;
        }
        String nearest = Spelling.nearest(text.strip(), NAMES);
        try {
            ExitPolicy.parse(List.of(text), new ExitPolicyOptions(true, false, List.of()));
        } catch (ExitPolicyException e) {
            e.problems()
                    .forEach(problem -> line.problem(
                            Printable.quoted(problem.entry()) + " is no rule: " + problem.reason(),
                            nearest == null ? "write it as " + POLICY_EXAMPLE : "did you mean " + nearest + "?"));
        }
    }
}
