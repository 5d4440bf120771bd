package sallyport.engine.cell;

/// A peer's fault. The scope says what closes, the reason is sent to the peer, `what` is a constant text that names
/// the kind for the counters and never holds input. Carries no stack trace: it is cheap, and expected.
public final class ProtocolViolation extends Exception {
    /// What closes.
    public enum Scope {
        STREAM,
        CIRCUIT,
        LINK
    }

    private final Scope scope;
    private final int reasonCode;

    private ProtocolViolation(Scope scope, int reasonCode, String what) {
        super(what, null, false, false);
        this.scope = scope;
        this.reasonCode = reasonCode;
    }

    public static ProtocolViolation stream(EndReason reason, String what) {
        return new ProtocolViolation(Scope.STREAM, reason.code(), what);
    }

    public static ProtocolViolation circuit(DestroyReason reason, String what) {
        return new ProtocolViolation(Scope.CIRCUIT, reason.code(), what);
    }

    public static ProtocolViolation link(String what) {
        return new ProtocolViolation(Scope.LINK, 0, what);
    }

    public Scope scope() {
        return scope;
    }

    /// The code of the [DestroyReason] or [EndReason]; 0 for a link, which has none.
    public int reasonCode() {
        return reasonCode;
    }

    /// The constant text.
    public String what() {
        return String.valueOf(getMessage());
    }
}
