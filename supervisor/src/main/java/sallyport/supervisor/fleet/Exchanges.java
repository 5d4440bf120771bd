package sallyport.supervisor.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.instance.InstanceSpec;

/// Finds relays that want places which others of them have, as when two swap: none of these can listen at
/// its new place before another one has given it up.
final class Exchanges {
    private Exchanges() {}

    /// The same changes, those together that have to be made together, in the place of the first of them.
    static List<Change> among(List<Change> changes, Map<String, InstanceSpec> running) {
        Map<RelayAddress, String> holders = new HashMap<>();
        Map<String, Change.Update> moves = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change instanceof Change.Update move && move.moves()) {
                String id = move.spec().id();
                moves.put(id, move);
                InstanceSpec before = running.get(id);
                if (before != null) {
                    before.listening().forEach(place -> holders.put(place, id));
                }
            }
        }
        Map<String, List<Change.Update>> groups = groups(moves, holders);
        List<Change> result = new ArrayList<>();
        for (Change change : changes) {
            List<Change.Update> group =
                    change instanceof Change.Update(InstanceSpec spec, List<String> _) ? groups.get(spec.id()) : null;
            if (group == null || group.size() == 1) {
                result.add(change);
            } else if (group.getFirst().equals(change)) {
                result.add(new Change.Exchange(group));
            }
        }
        return result;
    }

    /// Who moves, with all who want a place of his, or have one that he wants, and so on.
    private static Map<String, List<Change.Update>> groups(
            Map<String, Change.Update> moves, Map<RelayAddress, String> holders) {
        Map<String, List<Change.Update>> groups = new HashMap<>();
        moves.forEach((id, move) -> groups.put(id, List.of(move)));
        moves.forEach((id, move) -> {
            for (RelayAddress place : move.spec().listening()) {
                String holder = holders.getOrDefault(place, id);
                List<Change.Update> mine = groups.getOrDefault(id, List.of());
                List<Change.Update> theirs = groups.getOrDefault(holder, List.of());
                if (!mine.equals(theirs)) {
                    List<Change.Update> both = new ArrayList<>(mine);
                    both.addAll(theirs);
                    List<Change.Update> inOrder =
                            moves.values().stream().filter(both::contains).toList();
                    inOrder.forEach(each -> groups.put(each.spec().id(), inOrder));
                }
            }
        });
        return groups;
    }
}
