package sallyport.engine.host;

import java.util.List;

/// Whether the name servers are tested for answering where there is no answer (`ServerDNSDetectHijacking`).
///
/// @param names names that exist; when the servers redirect more than half of them, no relay lets anything out any more
/// (`ServerDNSTestAddresses`)
public record HijackDetection(boolean enabled, List<String> names) {
    /// C tor's.
    public static final List<String> PUBLIC_NAMES =
            List.of("www.google.com", "www.mit.edu", "www.yahoo.com", "www.slashdot.org");

    public static final HijackDetection OFF = new HijackDetection(false, List.of());

    public HijackDetection {
        names = List.copyOf(names);
    }
}
