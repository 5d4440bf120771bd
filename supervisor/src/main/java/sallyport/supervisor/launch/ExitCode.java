package sallyport.supervisor.launch;

/// What `sallyport` ends with.
public final class ExitCode {
    public static final int OK = 0;
    /// Something failed, a bad configuration included.
    public static final int ERROR = 1;
    /// A wrong command line, or nothing to do. picocli's own choice.
    public static final int USAGE = 2;
    /// The machine or the fleet is not as it should be, and the verb said how.
    public static final int FINDINGS = 2;
    /// A rule that keeps operators from harm forbids it.
    public static final int REFUSED = 3;
    /// There are changes, or differences, that were asked for.
    public static final int CHANGES = 2;
    /// Some relays failed, others did not.
    public static final int PARTIAL = 4;

    private ExitCode() {}
}
