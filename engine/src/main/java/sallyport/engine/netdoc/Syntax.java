package sallyport.engine.netdoc;

import java.util.LinkedHashMap;
import java.util.Map;

/// The rules of one kind of section, by keyword. Other keywords are allowed and ignored: dir-spec 1.2,
/// "When interpreting a Document, software MUST ignore any KeywordLine that starts with a keyword it
/// doesn't recognize".
public record Syntax(Map<String, Rule> rules) {
    /// @throws IllegalArgumentException where a keyword has two rules
    public static Syntax of(Rule... rules) {
        Map<String, Rule> byKeyword = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (byKeyword.put(rule.keyword(), rule) != null) {
                throw new IllegalArgumentException(rule.keyword());
            }
        }
        return new Syntax(byKeyword);
    }
}
