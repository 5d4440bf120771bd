package sallyport.supervisor.launch;

/// One more verb of `sallyport`, contributed by another module as a service (`META-INF/services`, public class with a
/// public constructor without arguments).
public interface Verb {
    /// An object annotated with picocli's `@Command`. A `Callable<Integer>` among them answers the exit code: 0 for
    /// success, 1 for an error; picocli itself answers 2 for a wrong command line.
    Object command();
}
