package sallyport.lab.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Who comes how often: independent Poisson arrivals for each profile.
///
/// @param shares no name twice
public record Mix(List<Share> shares) {
    // Ours: above that one event loop is the bottleneck, not what it measures.
    private static final double RATE_MAX = 10_000;

    /// Nobody.
    public static final Mix NONE = new Mix(List.of());

    /// One kind of user.
    ///
    /// @param name what the report calls them
    /// @param perSecond arrivals a second on average, above 0
    public record Share(String name, Profile profile, double perSecond) {}

    /// Copies the list.
    public Mix {
        shares = List.copyOf(shares);
    }

    /// Reads `web=2,chat=5,resolve=0.5`: names of [Profile#NAMED], arrivals a second.
    ///
    /// @throws IllegalArgumentException says what is wrong and what would be right
    public static Mix parse(String text) {
        List<Share> shares = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] words = part.strip().split("=", -1);
            Profile profile = Profile.named(words[0].strip())
                    .orElseThrow(() -> new IllegalArgumentException("no profile is called '" + words[0].strip()
                            + "'; there are "
                            + String.join(
                                    ", ",
                                    Profile.NAMED.keySet().stream().sorted().toList())));
            double rate = words.length == 2 ? rate(words[1].strip()) : -1;
            if (!(rate > 0 && rate <= RATE_MAX)) {
                throw new IllegalArgumentException(
                        "'" + part.strip() + "' is not NAME=ARRIVALS-A-SECOND, such as " + words[0].strip() + "=2.5");
            }
            if (shares.stream().anyMatch(share -> share.name.equals(words[0].strip()))) {
                throw new IllegalArgumentException("'" + words[0].strip() + "' stands there twice");
            }
            shares.add(new Share(words[0].strip(), Objects.requireNonNull(profile), rate));
        }
        shares.sort(Comparator.comparing(Share::name));
        return new Mix(shares);
    }

    private static double rate(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return -1;
        }
    }
}
