package sallyport.engine.instance;

import java.util.List;
import sallyport.engine.netdoc.NetworkParameters;

/// Which relays a relay declares to be of one operator, so that no circuit goes through two of them.
///
/// @param together whether it declares the other relays of this process that say the same
/// @param others fingerprints of relays elsewhere, 40 upper-case hex digits each
/// @param ids the family keys it shows (proposal 321): 43 characters of base64 each, or
/// [sallyport.engine.identity.FamilyKeys#ALL]
/// @param listing whether it publishes the list of them at all
public record FamilySpec(boolean together, List<String> others, List<String> ids, Listing listing) {
    /// A relay on its own.
    public static final FamilySpec NONE = new FamilySpec(false, List.of(), List.of());

    // Voted by the authorities (proposal 321): whether relays still have to publish lists, and whether clients go by
    // certificates. Both hold where nothing is voted.
    private static final String LISTS_WANTED = "publish-family-list";
    private static final String IDS_USED = "use-family-ids";

    /// Whether the list of fingerprints (the descriptor's `family`, C tor's MyFamily) is published.
    public enum Listing {
        /// Until the authorities say that nobody needs it of a relay that shows a family key.
        AUTO,
        ON,
        OFF
    }

    public FamilySpec {
        others = List.copyOf(others);
        ids = List.copyOf(ids);
    }

    /// With the list for as long as it is needed.
    public FamilySpec(boolean together, List<String> others, List<String> ids) {
        this(together, others, ids, Listing.AUTO);
    }

    /// Whether the list stands in the descriptor.
    ///
    /// @param showsKey whether the relay has a family certificate; without one the list is all that there
    /// is
    boolean lists(boolean showsKey, NetworkParameters voted) {
        return switch (listing) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> !showsKey || voted.get(LISTS_WANTED, 0, 1, 1) == 1 || voted.get(IDS_USED, 0, 1, 1) == 0;
        };
    }
}
