package sallyport.supervisor.config;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.AccountingRule;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.accounting.AccountingStart;

/// Reads `accounting { ... }` of one relay.
final class AccountingReader {
    // Ours: less is used up by joining the network.
    private static final long MAX_BYTES_MIN = 10L << 20;
    private static final String EXAMPLE = "\"month 1 00:00\", \"week 1 00:00\" (Monday) or \"day 00:00\"";
    private static final Pattern START = Pattern.compile("(?:(month|week)\\s+(\\d{1,2})|(day))\\s+(\\d{1,2}:\\d{2})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("H:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    // C tor's bounds: every month has a 28th.
    private static final int DAY_OF_MONTH_MAX = 28;
    private static final int DAY_OF_WEEK_MAX = 7;

    private AccountingReader() {}

    static AccountingSpec read(Section relay) {
        Value value = relay.optional("accounting");
        Section section = value == null ? null : value.section("{ max = 500 GiB }");
        if (section == null) {
            return AccountingSpec.NONE;
        }
        Value max = section.required("max", "500 GiB");
        Long bytes = max == null ? null : max.size(MAX_BYTES_MIN, "10 MiB", "used up by joining the network");
        Value startValue = section.optional("start");
        AccountingStart start = startValue == null ? null : start(startValue);
        Value ruleValue = section.optional("rule");
        AccountingRule rule = ruleValue == null ? AccountingRule.MAX : rule(ruleValue);
        section.finish();
        return new AccountingSpec(bytes == null ? 0 : bytes, start == null ? firstOfMonth() : start, rule);
    }

    private static AccountingStart firstOfMonth() {
        return new AccountingStart(AccountingStart.Unit.MONTH, 1, LocalTime.MIDNIGHT, ZoneId.systemDefault());
    }

    private static @Nullable AccountingStart start(Value value) {
        String text = value.text(EXAMPLE);
        if (text == null) {
            return null;
        }
        Matcher matcher = START.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            AccountingStart.Unit unit = matcher.group(3) != null
                    ? AccountingStart.Unit.DAY
                    : AccountingStart.Unit.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
            int day = unit == AccountingStart.Unit.DAY ? 1 : Integer.parseInt(matcher.group(2));
            int most = unit == AccountingStart.Unit.WEEK ? DAY_OF_WEEK_MAX : DAY_OF_MONTH_MAX;
            LocalTime at = time(matcher.group(4));
            if (at != null && day >= 1 && day <= most) {
                return new AccountingStart(unit, day, at, ZoneId.systemDefault());
            }
        }
        value.problem("is " + value.shown() + ", not when an interval begins", "write it as " + EXAMPLE);
        return null;
    }

    private static @Nullable LocalTime time(String text) {
        try {
            return LocalTime.parse(text, TIME);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static AccountingRule rule(Value value) {
        String text = value.text("max, sum, in or out");
        for (AccountingRule rule : AccountingRule.values()) {
            if (rule.name().toLowerCase(Locale.ROOT).equals(text)) {
                return rule;
            }
        }
        if (text != null) {
            value.problem("is " + value.shown() + ", not a rule", "write max, sum, in or out");
        }
        return AccountingRule.MAX;
    }
}
