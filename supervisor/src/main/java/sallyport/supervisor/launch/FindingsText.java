package sallyport.supervisor.launch;

import com.typesafe.config.ConfigValueFactory;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import sallyport.supervisor.doctor.Finding;

/// Findings as text for people, or as a JSON array for programs.
final class FindingsText {
    /// Ours: a fleet of 250 may have the same finding 250 times.
    private static final int ALIKE_MAX = 5;

    private FindingsText() {}

    /// @param all whether findings that differ only in the relay are shown one by one
    static void print(List<Finding> findings, boolean all, boolean json, PrintWriter out) {
        if (json) {
            out.println(findings.stream().map(FindingsText::json).collect(Collectors.joining(",\n ", "[", "]")));
        } else {
            alike(findings).forEach(group -> show(group, all, out));
            out.println(findings.isEmpty() ? "nothing found" : count(findings));
        }
    }

    /// Those of one kind and one reason together, each kind where its first stands.
    private static Collection<List<Finding>> alike(List<Finding> findings) {
        return findings.stream()
                .collect(Collectors.groupingBy(
                        finding -> finding.id() + finding.severity() + finding.why(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values();
    }

    private static void show(List<Finding> alike, boolean all, PrintWriter out) {
        if (all || alike.size() <= ALIKE_MAX) {
            alike.forEach(finding -> out.println(text(finding, "")));
            return;
        }
        out.println(text(alike.getFirst(), "     and:  " + (alike.size() - 1) + " more like it; --all shows each\n"));
    }

    private static String text(Finding finding, String more) {
        return finding.id() + " " + finding.severity() + ": " + finding.what() + "\n" + more + "     why:  "
                + finding.why() + "\n     next: " + finding.next() + "\n";
    }

    private static String count(List<Finding> findings) {
        return findings.size() == 1 ? "1 finding" : findings.size() + " findings";
    }

    private static String json(Finding finding) {
        return "{\"id\": " + quoted(finding.id())
                + ", \"severity\": " + quoted(finding.severity().toString())
                + ", \"what\": " + quoted(finding.what())
                + ", \"why\": " + quoted(finding.why())
                + ", \"next\": " + quoted(finding.next()) + "}";
    }

    private static String quoted(String text) {
        return ConfigValueFactory.fromAnyRef(text).render();
    }
}
