package sallyport.engine.netdoc;

/// The line `pr` of a relay's entry: which versions of which protocols it speaks (dir-spec 3.4.1, tor-spec
/// "Subprotocol versioning"). Relays of the same software share one. Immutable.
public final class ProtocolVersions {
    private final String line;

    /// @param line what follows `pr`
    public ProtocolVersions(String line) {
        this.line = line;
    }

    /// Whether `version` of the protocol is among them; false where the line cannot be read that far.
    ///
    /// @param protocol such as `Relay`
    public boolean includes(String protocol, int version) {
        for (String entry : line.split(" ", -1)) {
            if (entry.startsWith(protocol + "=")) {
                return isAmong(entry.substring(protocol.length() + 1), version);
            }
        }
        return false;
    }

    private static boolean isAmong(String versions, int wanted) {
        for (String range : versions.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = number(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : number(range.substring(dash + 1));
            if (first >= 0 && first <= wanted && wanted <= last) {
                return true;
            }
        }
        return false;
    }

    /// tor-spec: versions are 0 to 63. -1: none.
    private static int number(String text) {
        return text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : -1;
    }
}
