package sallyport.engine.accounting;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/// When the intervals of a quota begin (C tor's `AccountingStart`).
///
/// @param day of the month, 1 to 28, or of the week, 1 (Monday) to 7; 1 where each day is an interval
/// @param at the time of that day
/// @param zone whose time that is
public record AccountingStart(Unit unit, int day, LocalTime at, ZoneId zone) {
    /// How long an interval is.
    public enum Unit {
        MONTH,
        WEEK,
        DAY
    }

    /// Of the interval in which `now` lies.
    Instant startOf(Instant now) {
        LocalDate day = dayOf(now);
        return at(day);
    }

    /// Of the same interval; the next one begins there.
    Instant endOf(Instant now) {
        LocalDate day = dayOf(now);
        return at(
                switch (unit) {
                    case MONTH -> day.plusMonths(1);
                    case WEEK -> day.plusWeeks(1);
                    case DAY -> day.plusDays(1);
                });
    }

    private LocalDate dayOf(Instant now) {
        ZonedDateTime local = now.atZone(zone);
        boolean before = local.toLocalTime().truncatedTo(ChronoUnit.MINUTES).isBefore(at);
        LocalDate today = local.toLocalDate();
        // Before that time of the first day the interval before still runs.
        LocalDate counted = before ? today.minusDays(1) : today;
        return switch (unit) {
            case MONTH -> {
                LocalDate ofMonth = counted.withDayOfMonth(day);
                yield ofMonth.isAfter(counted) ? ofMonth.minusMonths(1) : ofMonth;
            }
            case WEEK -> counted.minusDays(Math.floorMod(counted.getDayOfWeek().getValue() - day, 7));
            case DAY -> counted;
        };
    }

    private Instant at(LocalDate day) {
        return ZonedDateTime.of(day, at, zone).toInstant();
    }
}
