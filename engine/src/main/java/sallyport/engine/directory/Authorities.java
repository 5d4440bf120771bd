package sallyport.engine.directory;

import java.util.List;
import sallyport.engine.bytes.Malformed;

/// The directory authorities of one network.
public record Authorities(List<Authority> all) {
    public Authorities {
        all = List.copyOf(all);
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
