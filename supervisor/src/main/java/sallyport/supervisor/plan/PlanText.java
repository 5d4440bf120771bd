package sallyport.supervisor.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sallyport.supervisor.plan.Plan.Kind;
import sallyport.supervisor.plan.Plan.Step;

/// Plans as text for people, and as JSON for programs and for a later `apply`.
public final class PlanText {
    private static final int VERSION = 1;
    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true)
            .setFormatted(true);

    private PlanText() {}

    /// What it does and what follows; many steps of one kind share a line.
    public static List<String> forPeople(Plan plan) {
        return forPeople(plan, false);
    }

    /// @param all whether each step has a line of its own
    public static List<String> forPeople(Plan plan, boolean all) {
        List<String> lines = new ArrayList<>();
        lines.add("host " + plan.host() + ", "
                + (plan.base() == 0 ? "nothing applied so far" : "from state " + plan.base()));
        List<String> steps = StepLines.of(plan.steps(), all);
        lines.addAll(steps);
        if (steps.size() < plan.steps().size()) {
            lines.add("    (sallyport plan --all shows each)");
        }
        if (plan.isEmpty()) {
            lines.add("nothing to do");
            plan.notes().forEach(note -> lines.add("  " + note));
            return lines;
        }
        lines.add(plan.count(Kind.CREATE) + " to create, " + plan.count(Kind.MOVE) + " to move, "
                + plan.count(Kind.CHANGE) + " to change while they run, " + plan.count(Kind.RESTART)
                + " waiting for a restart, " + plan.count(Kind.REMOVE) + " to remove");
        plan.notes().forEach(note -> lines.add("  " + note));
        plan.warnings().forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    /// The whole plan; [#parse] reads it back.
    public static String json(Plan plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sallyport-plan", VERSION);
        json.put("file", plan.file());
        json.put("host", plan.host());
        json.put("base", plan.base());
        json.put("lock-before", plan.lockBefore());
        json.put("text", plan.text());
        json.put("lock", plan.lock());
        json.put(
                "steps",
                plan.steps().stream()
                        .map(step -> Map.of(
                                "kind",
                                step.kind().name().toLowerCase(Locale.ROOT),
                                "relay",
                                step.relay(),
                                "what",
                                step.what()))
                        .toList());
        json.put("notes", plan.notes());
        json.put("warnings", plan.warnings());
        return ConfigValueFactory.fromMap(json).render(JSON);
    }

    /// @throws IllegalArgumentException for a text that is no plan, with a message for the operator
    public static Plan parse(String json) {
        try {
            Config config = ConfigFactory.parseString(json);
            if (config.getInt("sallyport-plan") != VERSION) {
                throw new IllegalArgumentException("is a plan of another version; make a new one");
            }
            List<Step> steps = new ArrayList<>();
            for (Config step : config.getConfigList("steps")) {
                steps.add(new Step(
                        Kind.valueOf(step.getString("kind").toUpperCase(Locale.ROOT)),
                        step.getString("relay"),
                        step.getString("what")));
            }
            return new Plan(
                    config.getString("file"),
                    config.getString("host"),
                    config.getInt("base"),
                    config.getString("lock-before"),
                    config.getString("text"),
                    config.getString("lock"),
                    steps,
                    config.getStringList("notes"),
                    config.getStringList("warnings"));
        } catch (ConfigException e) {
            throw new IllegalArgumentException("is no plan that `sallyport plan -o` wrote", e);
        }
    }
}
