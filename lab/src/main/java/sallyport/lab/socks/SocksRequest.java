package sallyport.lab.socks;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.lab.client.Isolation;

/// What an application asks for.
///
/// @param destination of a connection; null for a lookup
/// @param name of a lookup, as an exit is asked for it; empty for a connection
record SocksRequest(Kind kind, @Nullable Destination destination, String name, Isolation isolation) {
    enum Kind {
        CONNECT,
        RESOLVE,
        RESOLVE_PTR
    }

    @Override
    public String toString() {
        return kind + " [scrubbed]";
    }
}
