package sallyport.engine.accounting;

/// How figures about people are blurred before they are published.
final class Rounding {
    private Rounding() {}

    /// The next multiple: what came from one person more or less cannot be seen.
    static long up(long number, long multiple) {
        if (number > Long.MAX_VALUE - multiple + 1) {
            return Long.MAX_VALUE;
        }
        long raised = number + multiple - 1;
        return raised - raised % multiple;
    }
}
