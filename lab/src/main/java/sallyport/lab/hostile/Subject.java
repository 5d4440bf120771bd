package sallyport.lab.hostile;

/// The relay that is under test.
///
/// @param facts what a client knows of it
/// @param guarded the same of its sibling, which refuses private addresses (`ExitPolicyRejectPrivate`)
public record Subject(Kind kind, RelayFacts facts, RelayFacts guarded) {
    /// Whose relay it is.
    public enum Kind {
        SALLYPORT,
        C_TOR
    }
}
