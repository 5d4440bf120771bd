package sallyport.lab.path;

import java.util.Set;
import sallyport.engine.netdoc.NetworkParameters;

/// Where in a path a relay stands, and what its bandwidth counts there (dir-spec 3.8.3).
enum Place {
    GUARD("Wgg", "Wgm", "Wgd", "Wgm"),
    MIDDLE("Wmg", "Wme", "Wmd", "Wmm"),
    EXIT("Weg", "Wee", "Wed", "Wem");

    // Specification: param-spec, bwweightscale.
    private static final int SCALE = 10_000;

    private final String ofGuard;
    private final String ofExit;
    private final String ofBoth;
    private final String ofNeither;

    Place(String ofGuard, String ofExit, String ofBoth, String ofNeither) {
        this.ofGuard = ofGuard;
        this.ofExit = ofExit;
        this.ofBoth = ofBoth;
        this.ofNeither = ofNeither;
    }

    /// The relay's weight at this place; what the consensus gives no weight for counts in full.
    long weight(PathRelay relay, NetworkParameters weights) {
        return weight(relay.flags(), relay.bandwidthKb(), weights);
    }

    /// That of a relay with those flags and that bandwidth.
    long weight(Set<String> flags, int bandwidthKb, NetworkParameters weights) {
        boolean guard = flags.contains("Guard");
        boolean exit = flags.contains("Exit") && !flags.contains("BadExit");
        String name = guard && exit ? ofBoth : guard ? ofGuard : exit ? ofExit : ofNeither;
        return (long) bandwidthKb * weights.get(name, 0, Integer.MAX_VALUE, SCALE);
    }
}
