package sallyport.supervisor.config;

import java.util.List;
import java.util.stream.Collectors;

/// The file cannot be used. Holds every problem found, in the order of the file.
public final class BadConfiguration extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public BadConfiguration(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /// One line a problem, and the sum.
    public List<String> report() {
        List<String> lines = new java.util.ArrayList<>();
        problems.forEach(problem -> lines.add(problem.toString()));
        lines.add((problems.size() == 1 ? "1 problem" : problems.size() + " problems")
                + " in the configuration; nothing was changed");
        return lines;
    }
}
