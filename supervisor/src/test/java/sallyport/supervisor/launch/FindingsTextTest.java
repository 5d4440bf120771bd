package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.supervisor.doctor.Finding;
import sallyport.supervisor.doctor.Severity;

/// 250 relays with the same fault are one thing to mend.
class FindingsTextTest {
    private final List<Finding> findings = new ArrayList<>();

    @Test
    void manyOfOneKindAreShownOnce() {
        for (int i = 1; i <= 250; i++) {
            findings.add(new Finding("D155", Severity.NOTE, "exits-" + i + " has no keys", "it is new", "apply"));
        }
        findings.add(new Finding("D130", Severity.WARNING, "few files", "it refuses links", "raise it"));
        assertThat(print(false, false)).isEqualTo("""
                        D155 note: exits-1 has no keys
                             and:  249 more like it; --all shows each
                             why:  it is new
                             next: apply

                        D130 warning: few files
                             why:  it refuses links
                             next: raise it

                        251 findings
                        """);
        assertThat(print(true, false)).contains("exits-1 has", "exits-250 has").doesNotContain("and:");
        assertThat(print(false, true)).as("programs get all").contains("exits-250 has");
    }

    @Test
    void aFewAreShownOneByOneAndOtherReasonsStandApart() {
        for (int i = 1; i <= 5; i++) {
            findings.add(new Finding("D155", Severity.NOTE, "exits-" + i, "it is new", "apply"));
            findings.add(new Finding("D155", Severity.NOTE, "old-" + i, "its disk is full", "make room"));
        }
        assertThat(print(false, false)).contains("exits-5", "old-5").doesNotContain("and:");
    }

    private String print(boolean all, boolean json) {
        StringWriter text = new StringWriter();
        FindingsText.print(findings, all, json, new PrintWriter(text, true));
        return text.toString();
    }
}
