package sallyport.engine.instance;

/// Whether a relay is published, and after what proof.
///
/// @param publishes whether the authorities get its descriptor (C tor's `PublishServerDescriptor`)
/// @param assumesReachable whether nobody has to be seen to reach it before (`AssumeReachable`)
/// @param insists whether it goes on where another host runs with its keys
/// @param dirPort which DirPort its descriptor names, for whoever opened one beside it; 0 for none
public record PublishingSpec(boolean publishes, boolean assumesReachable, boolean insists, int dirPort) {
    /// Published once it was reached, and by nobody else.
    public static final PublishingSpec ORDINARY = new PublishingSpec(true, false);

    /// A relay without a DirPort, as all are but authorities, that does not insist.
    public PublishingSpec(boolean publishes, boolean assumesReachable) {
        this(publishes, assumesReachable, false, 0);
    }
}
