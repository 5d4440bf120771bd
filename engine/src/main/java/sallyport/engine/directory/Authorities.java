package sallyport.engine.directory;

import java.util.List;
import sallyport.engine.bytes.Malformed;

/// The directory authorities of one network.
///
/// @param fallbacks relays that are asked before them, and believed as little (C tor's `FallbackDir`)
public record Authorities(List<Authority> all, List<Authority> fallbacks) {
    public Authorities {
        all = List.copyOf(all);
        fallbacks = List.copyOf(fallbacks);
    }

    /// Those alone.
    public Authorities(List<Authority> all) {
        this(all, List.of());
    }

    /// Those who vote; a consensus needs more than half of them.
    public List<Authority> voting() {
        return all.stream().filter(Authority::votes).toList();
    }

    /// The authorities of the public Tor network, as C tor 0.4.9.11 lists them.
    public static Authorities ofPublicNetwork() {
        return new Authorities(
                PublicNetwork.AUTHORITIES.stream().map(Authorities::known).toList());
    }

    private static Authority known(String arguments) {
        try {
            return Authority.parse(arguments);
        } catch (Malformed e) {
            throw new IllegalStateException("the built-in list of authorities", e);
        }
    }
}
