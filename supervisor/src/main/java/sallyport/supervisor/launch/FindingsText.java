package sallyport.supervisor.launch;

import com.typesafe.config.ConfigValueFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import sallyport.supervisor.doctor.Finding;

/// Findings as text for people, or as a JSON array for programs.
final class FindingsText {
    private FindingsText() {}

    static void print(List<Finding> findings, boolean json, PrintWriter out) {
        if (json) {
            out.println(findings.stream().map(FindingsText::json).collect(Collectors.joining(",\n ", "[", "]")));
        } else {
            findings.forEach(finding -> out.println(text(finding)));
            out.println(findings.isEmpty() ? "nothing found" : count(findings));
        }
    }

    private static String text(Finding finding) {
        return finding.id() + " " + finding.severity() + ": " + finding.what() + "\n     why:  " + finding.why()
                + "\n     next: " + finding.next() + "\n";
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
