package sallyport.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which room of the engine may use which, as the table "Who may use whom" of `docs/ARCHITECTURE.md` says.
/// What it cannot understand it refuses: a table read wrongly would forbid nothing.
record AllowedUse(Map<String, SortedSet<String>> usesOf) {
    /// The rooms every other may use.
    private static final Set<String> FOR_ALL = Set.of("bytes", "address");

    private static final Pattern ROOM = Pattern.compile("`([a-z]+)`(?: †)?");

    /// Reads the table from the whole page.
    ///
    /// @throws IllegalArgumentException if it is missing, unreadable, names a room twice or one without a row
    static AllowedUse parse(String page) {
        Map<String, Set<String>> rows = new LinkedHashMap<>();
        boolean inTable = false;
        for (String line : page.lines().map(String::strip).toList()) {
            if (line.startsWith("| Room | May use")) {
                inTable = true;
            } else if (inTable && !line.startsWith("|")) {
                break;
            } else if (inTable && !line.matches("\\|[-|]+")) {
                readRow(line, rows);
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("the page has no table of rooms");
        }
        return new AllowedUse(withCommonRooms(rows));
    }

    boolean allows(String room, String used) {
        return room.equals(used)
                || usesOf.getOrDefault(room, Collections.emptySortedSet()).contains(used);
    }

    /// A way from some room back to itself, if there is one.
    Optional<List<String>> cycle() {
        Set<String> done = new LinkedHashSet<>();
        for (String room : usesOf.keySet()) {
            Optional<List<String>> found = walk(room, new LinkedHashSet<>(), done);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<List<String>> walk(String room, LinkedHashSet<String> path, Set<String> done) {
        if (done.contains(room)) {
            return Optional.empty();
        }
        if (!path.add(room)) {
            List<String> way = List.copyOf(path);
            return Optional.of(way.subList(way.indexOf(room), way.size()));
        }
        for (String used : usesOf.getOrDefault(room, Collections.emptySortedSet())) {
            Optional<List<String>> found = walk(used, path, done);
            if (found.isPresent()) {
                return found;
            }
        }
        path.removeLast();
        done.add(room);
        return Optional.empty();
    }

    private static void readRow(String line, Map<String, Set<String>> rows) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException("not a row of two columns: " + line);
        }
        Set<String> above = Set.copyOf(rows.keySet());
        Set<String> uses = switch (cells[2].strip()) {
            case "-" -> Set.of();
            case "all of the above" -> above;
            default -> Set.of(cells[2].strip().split(" +", -1));
        };
        for (String name : cells[1].strip().split(", *", -1)) {
            Matcher room = ROOM.matcher(name);
            if (!room.matches()) {
                throw new IllegalArgumentException("not a room: " + name);
            }
            if (rows.put(room.group(1), uses) != null) {
                throw new IllegalArgumentException("two rows for " + name);
            }
        }
    }

    private static Map<String, SortedSet<String>> withCommonRooms(Map<String, Set<String>> rows) {
        Map<String, SortedSet<String>> usesOf = new TreeMap<>();
        rows.forEach((room, uses) -> {
            SortedSet<String> all = new TreeSet<>(uses);
            if (!FOR_ALL.contains(room)) {
                all.addAll(FOR_ALL);
            } else if (room.equals("address")) {
                all.add("bytes");
            }
            if (!rows.keySet().containsAll(uses)) {
                throw new IllegalArgumentException(room + " uses a room without a row: " + uses);
            }
            usesOf.put(room, all);
        });
        return usesOf;
    }
}
