package sallyport.supervisor.config;

import org.jspecify.annotations.Nullable;

/// TCP and UDP port numbers as text.
final class Ports {
    private static final int PORT_MAX = 65535;

    private Ports() {}

    /// 1 to 65535 in decimal digits, null for anything else.
    static @Nullable Integer parse(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= PORT_MAX ? port : null;
    }
}
