package sallyport.lab.demo;

import sallyport.supervisor.launch.Verb;

/// Brings `load` to the command line.
public final class LoadVerb implements Verb {
    /// For the service loader.
    public LoadVerb() {}

    @Override
    public Object command() {
        return new LoadCommand();
    }
}
