package sallyport.supervisor.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads `fleet.apply { ... }`.
final class ApplyReader {
    private static final int RELAYS_MAX = 1_000;
    private static final int PERCENT_MAX = 100;
    // Ours: shorter than a self-test nobody can pass, longer than a day nobody waits.
    private static final Duration BATCH_LIMIT_MIN = Duration.ofSeconds(10);
    private static final Duration LIMIT_MAX = Duration.ofDays(1);

    private ApplyReader() {}

    static ApplySpec read(Section fleet) {
        Value value = fleet.optional("apply");
        Section apply = value == null ? null : value.section("apply { batch = \"10%\" }");
        ApplySpec spec = ApplySpec.DEFAULT;
        if (apply == null) {
            return spec;
        }
        Duration limit = apply.duration("batch-limit", BATCH_LIMIT_MIN, LIMIT_MAX, spec.batchLimit());
        Duration drain = apply.duration("drain-within", Duration.ZERO, LIMIT_MAX, spec.drainWithin());
        spec = batch(apply.optional("batch"), new ApplySpec(spec.batch(), spec.percent(), limit, drain));
        apply.finish();
        return spec;
    }

    private static ApplySpec batch(@Nullable Value value, ApplySpec otherwise) {
        String text = value == null ? null : value.text("\"10%\"");
        if (value == null || text == null) {
            return otherwise;
        }
        boolean percent = text.endsWith("%");
        String number = percent ? text.substring(0, text.length() - 1) : text;
        int most = percent ? PERCENT_MAX : RELAYS_MAX;
        if (!number.matches("[0-9]{1,4}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > most) {
            value.problem(
                    "is " + value.shown() + ", no size of a batch",
                    "write a number of relays from 1 to " + RELAYS_MAX + ", or \"1%\" to \"" + PERCENT_MAX + "%\"");
            return otherwise;
        }
        return new ApplySpec(Integer.parseInt(number), percent, otherwise.batchLimit(), otherwise.drainWithin());
    }
}
