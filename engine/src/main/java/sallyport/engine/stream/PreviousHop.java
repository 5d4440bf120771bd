package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.ClientAddress;

/// Whoever handed us the message that is being handled.
public interface PreviousHop {
    /// It did not authenticate: a client, which could use us as a one-hop proxy.
    boolean isClient();

    /// 20 bytes that name the relay; null where it did not authenticate.
    byte @Nullable [] rsaDigest();

    /// Where its link comes from.
    ClientAddress address();
}
