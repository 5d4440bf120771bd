package sallyport.engine.accounting;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/// How much one relay may carry in an interval (C tor's `AccountingMax` and what belongs to it).
///
/// @param maxBytes 0: there is no quota
public record AccountingSpec(long maxBytes, AccountingStart start, AccountingRule rule) {
    public static final AccountingSpec NONE = new AccountingSpec(
            0,
            new AccountingStart(AccountingStart.Unit.MONTH, 1, LocalTime.MIDNIGHT, ZoneOffset.UTC),
            AccountingRule.MAX);

    public boolean isEnabled() {
        return maxBytes > 0;
    }

    /// Whether a relay of that rate may use its quota up, and should not spend it on directory documents (C tor's
    /// `router_should_be_dirserver`).
    public boolean forbidsDirectoryCache(long bytesPerSecond, Instant now) {
        if (!isEnabled() || rule == AccountingRule.IN) {
            return false;
        }
        long seconds = start.endOf(now).getEpochSecond() - start.startOf(now).getEpochSecond();
        return bytesPerSecond >= (rule == AccountingRule.SUM ? maxBytes / 2 : maxBytes) / seconds;
    }
}
