package sallyport.supervisor.admin;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers of the control socket: every one has `schema` and `outcome`, and where that is not `ok`, mostly a `message`.
public final class Answer {
    /// Counts up when a reader of the old format would be misled. What is added does not count.
    public static final int SCHEMA = 1;

    /// How it went; a verb of the command line ends with its exit code.
    public enum Outcome {
        OK(0),
        ERROR(1),
        FINDINGS(2),
        REFUSED(3),
        PARTIAL(4);

        private final int exitCode;

        Outcome(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }

        /// As it stands in an answer.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What an answer says; [#ERROR] where it says nothing that we know.
        static Outcome of(@Nullable Object word) {
            for (Outcome outcome : values()) {
                if (outcome.word().equals(word)) {
                    return outcome;
                }
            }
            return ERROR;
        }
    }

    private Answer() {}

    /// The head of an answer, to be filled.
    static Map<String, @Nullable Object> of(Outcome outcome) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("schema", SCHEMA);
        answer.put("outcome", outcome.word());
        return answer;
    }

    /// A whole answer that says only what went wrong.
    static String error(Outcome outcome, String message) {
        Map<String, @Nullable Object> answer = of(outcome);
        answer.put("message", message);
        return Json.write(answer);
    }
}
