package sallyport.engine.directory;

/// What one authority said to a descriptor.
///
/// @param reason its words, printable and bounded; ours where it said nothing
public record UploadResult(Authority authority, Outcome outcome, String reason) {
    /// How it ended.
    public enum Outcome {
        ACCEPTED,
        /// Taken for a copy of what it has: it differs in nothing that matters.
        NOT_NEW,
        REFUSED,
        UNREACHABLE
    }
}
