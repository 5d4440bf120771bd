package sallyport.engine.accounting;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An [Accounting] as lines of C tor's `state` file. Either program goes on with the other's lines.
public final class AccountingLines {
    /// What the lines begin with.
    public static final List<String> KEYWORDS = List.of("Accounting");

    private static final String READ = "AccountingBytesReadInInterval ";
    private static final String WRITTEN = "AccountingBytesWrittenInInterval ";
    private static final String EXPECTED = "AccountingExpectedUsage ";
    private static final String START = "AccountingIntervalStart ";
    private static final String ACTIVE = "AccountingSecondsActive ";
    private static final String SOFT_SECONDS = "AccountingSecondsToReachSoftLimit ";
    private static final String SOFT_AT = "AccountingSoftLimitHitAt ";
    private static final String SOFT_BYTES = "AccountingBytesAtSoftLimit ";
    /// C tor rounds sums up to whole KiB.
    private static final long KIB = 1024;

    private AccountingLines() {}

    /// Without a quota there are none.
    public static List<String> of(Accounting accounting) {
        Accounting.Kept kept = accounting.kept;
        List<String> lines = new ArrayList<>();
        if (kept.start.equals(Instant.EPOCH)) {
            return lines;
        }
        lines.add(READ + roundedUp(kept.read));
        lines.add(WRITTEN + roundedUp(kept.written));
        lines.add(EXPECTED + kept.expectedPerMinute);
        lines.add(START + HistoryLines.time(kept.start));
        lines.add(ACTIVE + kept.secondsActive);
        if (!kept.softAt.equals(Instant.EPOCH)) {
            lines.add(SOFT_SECONDS + kept.softSeconds);
            lines.add(SOFT_AT + HistoryLines.time(kept.softAt));
            lines.add(SOFT_BYTES + kept.softBytes);
        }
        return lines;
    }

    /// Lets an accounting go on where these lines end, before it follows a quota; other lines are ignored. Returns
    /// whether what they hold could be read; if not, it begins anew.
    public static boolean restore(List<String> lines, Accounting accounting) {
        Accounting.Kept kept = accounting.kept;
        try {
            Instant start = time(lines, START);
            long read = number(lines, READ);
            long written = number(lines, WRITTEN);
            long expected = number(lines, EXPECTED);
            long active = number(lines, ACTIVE);
            Instant softAt = time(lines, SOFT_AT);
            long softSeconds = number(lines, SOFT_SECONDS);
            long softBytes = number(lines, SOFT_BYTES);
            kept.start = start;
            kept.read = read;
            kept.written = written;
            kept.expectedPerMinute = expected;
            kept.secondsActive = active;
            // C tor: of an interval before.
            boolean ofThis = softAt.isAfter(start);
            kept.softAt = ofThis ? softAt : Instant.EPOCH;
            kept.softSeconds = ofThis ? softSeconds : 0;
            kept.softBytes = ofThis ? softBytes : 0;
            return true;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    private static long roundedUp(long bytes) {
        return (bytes + KIB - 1) / KIB * KIB;
    }

    private static String value(List<String> lines, String keyword) {
        return lines.stream()
                .filter(line -> line.startsWith(keyword))
                .findFirst()
                .map(line -> line.substring(keyword.length()).strip())
                .orElse("");
    }

    private static Instant time(List<String> lines, String keyword) {
        String value = value(lines, keyword);
        return value.isEmpty() ? Instant.EPOCH : HistoryLines.time(value);
    }

    private static long number(List<String> lines, String keyword) {
        String value = value(lines, keyword);
        long number = value.isEmpty() ? 0 : Long.parseLong(value);
        if (number < 0 || number > Long.MAX_VALUE / KIB) {
            throw new IllegalArgumentException("no number of bytes or seconds");
        }
        return number;
    }
}
