package sallyport.engine.instance;

import java.util.List;

/// Which relays a relay declares to be of one operator, so that no circuit goes through two of them.
///
/// @param together whether it declares the other relays of this process that say the same
/// @param others fingerprints of relays elsewhere, 40 upper-case hex digits each
/// @param ids the family keys it shows (proposal 321): 43 characters of base64 each, or
/// [sallyport.engine.identity.FamilyKeys#ALL]
public record FamilySpec(boolean together, List<String> others, List<String> ids) {
    /// A relay on its own.
    public static final FamilySpec NONE = new FamilySpec(false, List.of(), List.of());

    public FamilySpec {
        others = List.copyOf(others);
        ids = List.copyOf(ids);
    }
}
