package sallyport.lab.traffic;

import java.io.IOException;

/// The SOCKS proxy said no.
public final class SocksRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final int reply;

    SocksRefusal(int reply) {
        super("SOCKS reply " + reply + " (" + name(reply) + ")");
        this.reply = reply;
    }

    /// RFC 1928 section 6, REP; 0xF0 and above are tor's extended errors.
    public int reply() {
        return reply;
    }

    private static String name(int reply) {
        return switch (reply) {
            case 1 -> "general failure";
            case 2 -> "not allowed";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "TTL expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "unknown";
        };
    }
}
