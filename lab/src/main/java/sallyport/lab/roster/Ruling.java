package sallyport.lab.roster;

import org.jspecify.annotations.Nullable;
import sallyport.lab.authority.Answer;

/// What became of one document of an upload.
///
/// @param words to whoever sent it; null where C tor has none
record Ruling(Outcome outcome, @Nullable String words) {
    // What the sender of several documents hears where nothing was wrong with any of them: C tor's code means to
    // say more, and does not.
    private static final String NOTHING_WRONG = "[None]";
    private static final String NO_WORDS = "(no message)";

    static final Ruling ADDED = new Ruling(Outcome.ADDED, null);

    /// From bad to worse, as C tor puts them in order.
    enum Outcome {
        ADDED,
        BAD_EXTRA_INFO,
        ALREADY_KNOWN,
        REJECTED,
        CERTIFICATES_EXPIRED
    }

    static Ruling badExtraInfo(String words) {
        return new Ruling(Outcome.BAD_EXTRA_INFO, words);
    }

    static Ruling alreadyKnown(String words) {
        return new Ruling(Outcome.ALREADY_KNOWN, words);
    }

    static Ruling rejected(@Nullable String words) {
        return new Ruling(Outcome.REJECTED, words);
    }

    Ruling worse(Ruling other) {
        return other.outcome.compareTo(outcome) > 0 ? other : this;
    }

    Answer answer() {
        return switch (outcome) {
            case ADDED -> new Answer(200, NOTHING_WRONG);
            case ALREADY_KNOWN, CERTIFICATES_EXPIRED -> Answer.descriptorNotNew();
            case BAD_EXTRA_INFO, REJECTED -> new Answer(400, words == null ? NO_WORDS : words);
        };
    }
}
