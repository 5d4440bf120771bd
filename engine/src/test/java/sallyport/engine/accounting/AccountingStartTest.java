package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where an interval begins and ends, as C tor's edge_of_accounting_period_containing has it.
class AccountingStartTest {
    @ParameterizedTest
    @CsvSource({
        "MONTH, 1, 00:00, UTC, 2026-11-22T10:00:00Z, 2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z",
        "MONTH, 22, 10:00, UTC, 2026-11-22T09:59:59Z, 2026-10-22T10:00:00Z, 2026-11-22T10:00:00Z",
        "MONTH, 22, 10:00, UTC, 2026-11-22T10:00:00Z, 2026-11-22T10:00:00Z, 2026-12-22T10:00:00Z",
        "MONTH, 28, 00:00, UTC, 2026-01-05T00:00:00Z, 2025-12-28T00:00:00Z, 2026-01-28T00:00:00Z",
        "MONTH, 1, 12:00, UTC, 2026-03-01T11:00:00Z, 2026-02-01T12:00:00Z, 2026-03-01T12:00:00Z",
        "WEEK, 1, 00:00, UTC, 2026-11-22T10:00:00Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
        "WEEK, 7, 12:00, UTC, 2026-11-22T11:59:00Z, 2026-11-15T12:00:00Z, 2026-11-22T12:00:00Z",
        "WEEK, 7, 12:00, UTC, 2026-11-22T12:00:00Z, 2026-11-22T12:00:00Z, 2026-11-29T12:00:00Z",
        "DAY, 1, 06:30, UTC, 2026-11-22T06:29:59Z, 2026-11-21T06:30:00Z, 2026-11-22T06:30:00Z",
        "DAY, 1, 06:30, UTC, 2026-11-22T06:30:00Z, 2026-11-22T06:30:00Z, 2026-11-23T06:30:00Z",
        // The host's time, and a day of 23 hours.
        "DAY, 1, 00:00, Europe/Berlin, 2026-03-29T10:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    })
    void theIntervalAroundAMoment(
            AccountingStart.Unit unit, int day, LocalTime at, String zone, Instant now, Instant begins, Instant ends) {
        AccountingStart start = new AccountingStart(unit, day, at, ZoneId.of(zone));
        assertThat(start.startOf(now)).isEqualTo(begins);
        assertThat(start.endOf(now)).isEqualTo(ends);
    }
}
