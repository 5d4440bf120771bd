package sallyport.engine.accounting;

/// Which bytes count against a quota (C tor's `AccountingRule`).
public enum AccountingRule {
    /// The direction that carried more.
    MAX,
    /// Both directions together.
    SUM,
    /// What was read.
    IN,
    /// What was written.
    OUT;

    long of(long read, long written) {
        return switch (this) {
            case MAX -> Math.max(read, written);
            case SUM -> read + written;
            case IN -> read;
            case OUT -> written;
        };
    }
}
