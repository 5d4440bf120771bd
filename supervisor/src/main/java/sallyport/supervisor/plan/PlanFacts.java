package sallyport.supervisor.plan;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import sallyport.supervisor.budget.Limits;

/// What is known beside what the files say.
///
/// @param relaysWithKeys ids of relays that have run on this host before
/// @param withoutFamilyKey ids of those whose `family.ids` ask for a key that is not there
/// @param flags of relays that the last consensus lists, by id
/// @param follows the state that the running process follows; empty where none runs
/// @param limits what the machine gives
public record PlanFacts(
        Set<String> relaysWithKeys,
        Set<String> withoutFamilyKey,
        Map<String, Set<String>> flags,
        OptionalInt follows,
        Limits limits) {
    public PlanFacts {
        relaysWithKeys = Set.copyOf(relaysWithKeys);
        withoutFamilyKey = Set.copyOf(withoutFamilyKey);
        flags = Map.copyOf(flags);
    }
}
