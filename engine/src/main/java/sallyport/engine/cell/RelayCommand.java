package sallyport.engine.cell;

/// Commands of relay messages (tor-spec "Relay cells"; the registry's UDP numbers 16 to 18 were never implemented).
public final class RelayCommand {
    public static final int BEGIN = 1;
    public static final int DATA = 2;
    public static final int END = 3;
    public static final int CONNECTED = 4;
    public static final int SENDME = 5;
    public static final int EXTEND = 6;
    public static final int EXTENDED = 7;
    public static final int TRUNCATE = 8;
    public static final int TRUNCATED = 9;
    public static final int DROP = 10;
    public static final int RESOLVE = 11;
    public static final int RESOLVED = 12;
    public static final int BEGIN_DIR = 13;
    public static final int EXTEND2 = 14;
    public static final int EXTENDED2 = 15;
    public static final int CONFLUX_LINK = 19;
    public static final int CONFLUX_LINKED = 20;
    public static final int CONFLUX_LINKED_ACK = 21;
    public static final int CONFLUX_SWITCH = 22;
    public static final int ESTABLISH_INTRO = 32;
    public static final int ESTABLISH_RENDEZVOUS = 33;
    public static final int INTRODUCE1 = 34;
    public static final int INTRODUCE2 = 35;
    public static final int RENDEZVOUS1 = 36;
    public static final int RENDEZVOUS2 = 37;
    public static final int INTRO_ESTABLISHED = 38;
    public static final int RENDEZVOUS_ESTABLISHED = 39;
    public static final int INTRODUCE_ACK = 40;
    public static final int PADDING_NEGOTIATE = 41;
    public static final int PADDING_NEGOTIATED = 42;
    public static final int XOFF = 43;
    public static final int XON = 44;

    private RelayCommand() {}

    /// Whether Tor has given the number a meaning, which need not be one that we serve.
    public static boolean isKnown(int command) {
        return switch (command) {
            case BEGIN,
                    DATA,
                    END,
                    CONNECTED,
                    SENDME,
                    EXTEND,
                    EXTENDED,
                    TRUNCATE,
                    TRUNCATED,
                    DROP,
                    RESOLVE,
                    RESOLVED,
                    BEGIN_DIR,
                    EXTEND2,
                    EXTENDED2,
                    CONFLUX_LINK,
                    CONFLUX_LINKED,
                    CONFLUX_LINKED_ACK,
                    CONFLUX_SWITCH,
                    ESTABLISH_INTRO,
                    ESTABLISH_RENDEZVOUS,
                    INTRODUCE1,
                    INTRODUCE2,
                    RENDEZVOUS1,
                    RENDEZVOUS2,
                    INTRO_ESTABLISHED,
                    RENDEZVOUS_ESTABLISHED,
                    INTRODUCE_ACK,
                    PADDING_NEGOTIATE,
                    PADDING_NEGOTIATED,
                    XOFF,
                    XON -> true;
            default -> false;
        };
    }
}
