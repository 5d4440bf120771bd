package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The `package` lines of consensuses by old methods (dir-spec 3.4.1): of each package and version the
/// line that more than half of those that name it agree on, where at least three name it.
final class PackageLines {
    private static final int NAMING_MIN = 3;
    /// Name, version, URL, and pairs of a kind of digest and its value.
    private static final Pattern SHAPE = Pattern.compile("[^ ]+ [^ ]+ [^ ]+( [^= ]+=[^= ]+)+");

    private PackageLines() {}

    static List<String> agreed(List<Vote> votes) {
        Map<String, List<String>> byPackage = new TreeMap<>();
        for (Vote vote : votes) {
            Map<String, String> ofVoter = new TreeMap<>();
            for (String line : vote.ballot().packages()) {
                if (SHAPE.matcher(line).matches()) {
                    // As C tor: of several lines of one voter for one version the last counts.
                    ofVoter.put(line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1)), line);
                }
            }
            ofVoter.forEach((name, line) ->
                    byPackage.computeIfAbsent(name, _ -> new ArrayList<>()).add(line));
        }
        TreeSet<String> lines = new TreeSet<>();
        for (List<String> named : byPackage.values()) {
            String best = Counting.mostFrequentText(named);
            long count = named.stream().filter(line -> line.equals(best)).count();
            if (named.size() >= NAMING_MIN && count > named.size() / 2) {
                lines.add("package " + best);
            }
        }
        return List.copyOf(lines);
    }
}
