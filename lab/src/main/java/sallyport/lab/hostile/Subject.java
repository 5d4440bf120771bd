package sallyport.lab.hostile;

/// The relay that is under test.
///
/// @param facts what a client knows of it
public record Subject(Kind kind, RelayFacts facts) {
    /// Whose relay it is.
    public enum Kind {
        SALLYPORT,
        C_TOR
    }
}
