package sallyport.engine.limits;

/// What one relay may pass in one direction of the bytes that the process may: it is granted some again
/// and again, by a [ByteLender], and passes them when it likes. What passes at once may exceed them; the
/// debt counts against the next grants.
///
/// The relay's loop alone counts what has passed, and the lender alone grants; each reads what the other
/// wrote, so neither waits.
final class ByteLease {
    private final ByteLender lender;
    private volatile long granted;
    private volatile long passed;

    /// The lender's: what had passed when it last looked, and how much of late passes between two looks.
    long seen;

    long pace;

    ByteLease(ByteLender lender) {
        this.lender = lender;
    }

    /// Whether the process has a limit at all. From any thread.
    boolean isLimited() {
        return lender.isLimited();
    }

    /// What may pass; negative for a debt. Where there is no limit nobody counts, and it means nothing.
    long bytes() {
        return granted - passed;
    }

    /// Runs on: the relay's loop.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void took(long bytes) {
        passed += bytes;
    }

    /// Whether something is held back because all relays together have what the process may pass, and not
    /// only because this one has just begun.
    boolean isExhausted() {
        return isLimited() && bytes() <= 0 && lender.isShort();
    }

    long passed() {
        return passed;
    }

    /// Runs on: the lender's task. Negative takes back.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void grant(long bytes) {
        granted += bytes;
    }
}
