package sallyport.engine.cell;

/// Link-level cell commands (tor-spec "Cell packet format").
public final class CellCommand {
    public static final int PADDING = 0;
    public static final int CREATE = 1;
    public static final int CREATED = 2;
    public static final int RELAY = 3;
    public static final int DESTROY = 4;
    public static final int CREATE_FAST = 5;
    public static final int CREATED_FAST = 6;
    public static final int VERSIONS = 7;
    public static final int NETINFO = 8;
    public static final int RELAY_EARLY = 9;
    public static final int CREATE2 = 10;
    public static final int CREATED2 = 11;
    public static final int PADDING_NEGOTIATE = 12;
    public static final int VPADDING = 128;
    public static final int CERTS = 129;
    public static final int AUTH_CHALLENGE = 130;
    public static final int AUTHENTICATE = 131;
    public static final int AUTHORIZE = 132;

    private CellCommand() {}

    /// tor-spec: "variable-length cells" have command 7 or one of 128 and above.
    public static boolean isVariable(int command) {
        return command == VERSIONS || command >= 128;
    }
}
