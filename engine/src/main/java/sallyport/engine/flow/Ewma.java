package sallyport.engine.flow;

/// Proposal 324's average of about the last N values, in whole numbers.
final class Ewma {
    private Ewma() {}

    /// The average after `value`; `previous` is 0 where there was none.
    static long next(long value, long previous, long count) {
        return previous == 0 ? value : (2 * value + (count - 1) * previous) / (count + 1);
    }
}
