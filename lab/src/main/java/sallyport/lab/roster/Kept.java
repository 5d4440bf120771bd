package sallyport.lab.roster;

/// What an authority brings along from its last run, and its operator's word on single relays.
///
/// @param approvedRouters the text of C tor's file of that name
public record Kept(KeyPins pins, StabilityHistory history, String approvedRouters) {
    /// Of an authority that begins anew.
    public static Kept nothing(RosterSettings settings) {
        return new Kept(new KeyPins(), new StabilityHistory(settings.testingNetwork()), "");
    }
}
