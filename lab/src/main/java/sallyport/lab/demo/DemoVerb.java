package sallyport.lab.demo;

import sallyport.supervisor.launch.Verb;

/// Brings `demo` to the command line.
public final class DemoVerb implements Verb {
    /// For the service loader.
    public DemoVerb() {}

    @Override
    public Object command() {
        return new DemoCommand();
    }
}
