package sallyport.engine.instance;

/// Whether a relay is published, and after what proof.
///
/// @param publishes whether the authorities get its descriptor (C tor's `PublishServerDescriptor`)
/// @param assumesReachable whether nobody has to be seen to reach it before (`AssumeReachable`)
public record PublishingSpec(boolean publishes, boolean assumesReachable) {
    /// Published once it was reached.
    public static final PublishingSpec ORDINARY = new PublishingSpec(true, false);
}
