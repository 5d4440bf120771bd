package sallyport.engine.limits;

import java.util.Arrays;

/// Max-min fairness: who wants less than an equal part gets all of it, and what such leave is divided
/// equally among the others.
final class FairShare {
    private FairShare() {}

    /// The level that nobody may exceed so that all together have at most `total`; [Long#MAX_VALUE] where
    /// all get what they want.
    ///
    /// @param wanted by each; less than nothing counts as nothing
    /// @param total not negative
    static long level(long[] wanted, long total) {
        long[] sorted = wanted.clone();
        Arrays.sort(sorted);
        long left = total;
        for (int i = 0; i < sorted.length; i++) {
            long equal = left / (sorted.length - i);
            if (sorted[i] > equal) {
                return equal;
            }
            left -= Math.max(0, sorted[i]);
        }
        return Long.MAX_VALUE;
    }
}
