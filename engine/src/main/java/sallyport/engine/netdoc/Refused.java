package sallyport.engine.netdoc;

/// A well-formed document that must not be believed. Its text is constant, never input.
public final class Refused extends Exception {
    /// Why.
    public enum Reason {
        /// Signed by too few of the configured authorities, or by others.
        TOO_FEW_SIGNATURES("too few good signatures of configured authorities"),
        BAD_SIGNATURE("a signature does not hold"),
        UNKNOWN_AUTHORITY("not one of the configured authorities"),
        FROM_THE_FUTURE("not valid yet"),
        EXPIRED("expired"),
        /// Its own times contradict each other.
        ODD_TIMES("its times leave no room for a vote"),
        /// Not what was asked for: another flavor, or not newer than what is held.
        NOT_WANTED("not what was asked for");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final Reason reason;

    public Refused(Reason reason) {
        super(reason.text(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
