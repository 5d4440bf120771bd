package sallyport.supervisor.launch;

/// What `sallyport` ends with.
public final class ExitCode {
    public static final int OK = 0;
    /// Something failed, a bad configuration included.
    public static final int ERROR = 1;
    /// A wrong command line, or nothing to do. The picocli library's own choice.
    public static final int USAGE = 2;

    private ExitCode() {}
}
