package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Values;

/// A list of protocols and their versions, such as `Cons=1-2 Desc=1-2` (tor-spec "Subprotocol versioning").
///
/// @param versions by name, bit n for version n
record ProtocolList(Map<String, Long> versions) {
    // As C tor (protover.c).
    private static final int VERSION_MAX = 63;
    private static final Pattern RANGE = Pattern.compile("[0-9]+(-[0-9]+)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");

    static ProtocolList parse(String text) throws Malformed {
        Map<String, Long> versions = new LinkedHashMap<>();
        for (String entry : text.split(" +", -1)) {
            if (entry.isEmpty()) {
                continue;
            }
            int equals = entry.indexOf('=');
            if (equals < 0 || !NAME.matcher(entry.substring(0, equals)).matches()) {
                throw new Malformed("not a protocol");
            }
            // As C tor: of two entries for one protocol the first counts.
            versions.putIfAbsent(entry.substring(0, equals), bits(entry.substring(equals + 1)));
        }
        return new ProtocolList(versions);
    }

    /// What at least `needed` of the lists contain, as text; names in the order of their bytes.
    static String agreed(List<ProtocolList> lists, int needed) {
        Map<String, int[]> counts = new TreeMap<>();
        for (ProtocolList list : lists) {
            list.versions.forEach((name, bits) -> {
                int[] count = counts.computeIfAbsent(name, _ -> new int[VERSION_MAX + 1]);
                for (int version = 0; version <= VERSION_MAX; version++) {
                    count[version] += (int) (bits >>> version & 1);
                }
            });
        }
        List<String> entries = new ArrayList<>();
        counts.forEach((name, count) -> {
            String ranges = ranges(count, needed);
            if (!ranges.isEmpty()) {
                entries.add(name + "=" + ranges);
            }
        });
        return String.join(" ", entries);
    }

    private static String ranges(int[] count, int needed) {
        List<String> ranges = new ArrayList<>();
        int version = 0;
        while (version <= VERSION_MAX) {
            int from = version;
            while (version <= VERSION_MAX && count[version] >= needed) {
                version++;
            }
            if (version > from) {
                ranges.add(version == from + 1 ? Integer.toString(from) : from + "-" + (version - 1));
            }
            version++;
        }
        return String.join(",", ranges);
    }

    private static long bits(String text) throws Malformed {
        long bits = 0;
        for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            if (!RANGE.matcher(range).matches()) {
                throw new Malformed("not a range of versions");
            }
            int dash = range.indexOf('-');
            long low = Values.number(dash < 0 ? range : range.substring(0, dash), 0, VERSION_MAX);
            long high = dash < 0 ? low : Values.number(range.substring(dash + 1), low, VERSION_MAX);
            for (long version = low; version <= high; version++) {
                bits |= 1L << version;
            }
        }
        return bits;
    }
}
