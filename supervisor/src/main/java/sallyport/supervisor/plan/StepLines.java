package sallyport.supervisor.plan;

import java.util.ArrayList;
import java.util.List;
import sallyport.supervisor.plan.Plan.Kind;
import sallyport.supervisor.plan.Plan.Step;

/// The steps of a plan, one line each; where more of a kind follow one another than anybody reads, one line for all of
/// them.
final class StepLines {
    /// Ours: a screen or two; a fleet of forty is still shown relay by relay.
    static final int ALIKE_MAX = 40;

    private StepLines() {}

    /// @param all whether each step has its line, however many there are
    static List<String> of(List<Step> steps, boolean all) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < steps.size(); ) {
            int end = from + 1;
            while (end < steps.size() && isAlike(steps.get(from), steps.get(end))) {
                end++;
            }
            List<Step> alike = steps.subList(from, end);
            if (all || alike.size() <= ALIKE_MAX) {
                alike.forEach(step -> lines.add(line(step)));
            } else {
                lines.add(folded(alike));
            }
            from = end;
        }
        return lines;
    }

    /// Of one kind and one group; where it matters which keys change, of the same ones.
    private static boolean isAlike(Step one, Step other) {
        if (one.relay().isEmpty() || one.kind() != other.kind() || !group(one).equals(group(other))) {
            return false;
        }
        return one.kind() == Kind.CREATE
                || one.kind() == Kind.MOVE
                || one.what().equals(other.what());
    }

    /// `exits` of `exits-3`; a relay with an id of its own stands alone.
    private static String group(Step step) {
        int dash = step.relay().lastIndexOf('-');
        return dash < 0 ? step.relay() : step.relay().substring(0, dash);
    }

    private static String folded(List<Step> alike) {
        Step first = alike.getFirst();
        Step last = alike.getLast();
        String what = first.what().equals(last.what()) ? first.what() : first.what() + " … " + last.what();
        return "  " + sign(first.kind()) + " " + first.relay() + " … " + last.relay() + "  " + alike.size()
                + " relays: " + what;
    }

    private static String line(Step step) {
        return "  " + sign(step.kind()) + " " + (step.relay().isEmpty() ? "" : step.relay() + "  ") + step.what();
    }

    private static String sign(Kind kind) {
        return switch (kind) {
            case CREATE -> "+";
            case REMOVE -> "-";
            case MOVE -> ">";
            case CHANGE -> "~";
            case RESTART -> "!";
            case ELSEWHERE, RECORD -> "*";
        };
    }
}
