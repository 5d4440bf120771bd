package sallyport.engine.netdoc;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;

/// To which ports an exit lets most addresses go, as lines `p` and `p6` say it in short (dir-spec 3.3 and
/// 3.4.1); [ExitPolicySummary] writes them. Immutable.
public final class PortSummary {
    /// Of a relay that says nothing, or nothing that can be read.
    public static final PortSummary REJECT_ALL = new PortSummary(true, new int[0]);

    private static final int PORT_MAX = 65_535;

    private final boolean accepts;
    // The first and the last port of each range, in order.
    private final int[] bounds;

    private PortSummary(boolean accepts, int[] bounds) {
        this.accepts = accepts;
        this.bounds = bounds;
    }

    /// Reads `accept` or `reject`, then `80,443,8000-8999`.
    static PortSummary of(String line) {
        try {
            String[] words = line.split(" ", -1);
            if (words.length != 2 || !(words[0].equals("accept") || words[0].equals("reject"))) {
                return REJECT_ALL;
            }
            String[] ranges = words[1].split(",", -1);
            int[] bounds = new int[2 * ranges.length];
            int last = 0;
            for (int i = 0; i < ranges.length; i++) {
                int dash = ranges[i].indexOf('-');
                bounds[2 * i] = port(dash < 0 ? ranges[i] : ranges[i].substring(0, dash), last + 1);
                last = dash < 0 ? bounds[2 * i] : port(ranges[i].substring(dash + 1), bounds[2 * i]);
                bounds[2 * i + 1] = last;
            }
            return new PortSummary(words[0].equals("accept"), bounds);
        } catch (Malformed e) {
            return REJECT_ALL;
        }
    }

    /// Whether most addresses may be reached at this port.
    public boolean accepts(int port) {
        int at = Arrays.binarySearch(bounds, port);
        boolean listed = at >= 0 || (-at - 1) % 2 == 1;
        return listed == accepts && this != REJECT_ALL;
    }

    /// Whether there is any port for it.
    public boolean rejectsAll() {
        return this == REJECT_ALL || (!accepts && bounds.length == 2 && bounds[0] == 1 && bounds[1] == PORT_MAX);
    }

    private static int port(String text, int min) throws Malformed {
        return (int) Values.number(text, min, PORT_MAX);
    }
}
