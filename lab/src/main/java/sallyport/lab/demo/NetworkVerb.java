package sallyport.lab.demo;

import sallyport.supervisor.launch.Verb;

/// Brings `network` to the command line.
public final class NetworkVerb implements Verb {
    /// For the service loader.
    public NetworkVerb() {}

    @Override
    public Object command() {
        return new NetworkCommand();
    }
}
