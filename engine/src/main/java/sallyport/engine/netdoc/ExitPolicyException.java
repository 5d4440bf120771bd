package sallyport.engine.netdoc;

import java.util.List;

/// An operator's exit policy that cannot be read; lists every bad entry.
public final class ExitPolicyException extends Exception {
    private final transient List<Problem> problems;

    ExitPolicyException(List<Problem> problems) {
        super("exit policy: " + problems);
        this.problems = List.copyOf(problems);
    }

    /// In the order of the lines; never empty.
    public List<Problem> problems() {
        return problems;
    }

    /// @param line index into the list that was given, from 0
    /// @param entry the bad entry of that line, as written
    /// @param reason what is wrong with it, and what would be right
    public record Problem(int line, String entry, String reason) {}
}
