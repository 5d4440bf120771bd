package sallyport.supervisor.assignment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Which relay has which place: the lock file beside the configuration, in version control, without secrets. Its text
/// depends on its content alone, so equal locks are equal files.
///
/// @param relaysPerAddress how many relays shared an address at most when places were assigned; 0 when not yet known
/// @param places by group and number
public record Lock(int relaysPerAddress, List<RelayPlace> places) {
    /// Of a fleet that has no relay yet.
    public static final Lock EMPTY = new Lock(0, List.of());

    static final String HEAD = "sallyport-lock 1";
    private static final String COMMENT = """
            # Which relay has which address, so that growing and shrinking the fleet never moves one that stays.
            # Written by `sallyport apply`; keep it in version control beside the configuration. It holds no secrets.
            """;

    public Lock {
        places = places.stream().sorted().toList();
    }

    /// Those of one host.
    public List<RelayPlace> of(String host) {
        return places.stream().filter(place -> place.host().equals(host)).toList();
    }

    public Optional<RelayPlace> place(String group, int number) {
        return places.stream()
                .filter(place -> place.group().equals(group) && place.number() == number)
                .findFirst();
    }

    /// The same with other places.
    public Lock with(Collection<RelayPlace> others) {
        return new Lock(relaysPerAddress, List.copyOf(others));
    }

    /// The same, with what is known of fingerprints in another one filled in.
    public Lock withFingerprintsOf(Lock other) {
        TreeMap<String, String> known = new TreeMap<>();
        other.places.forEach(place -> known.put(place.id(), place.fingerprint()));
        return with(places.stream()
                .map(place -> place.fingerprint().isEmpty()
                        ? place.withFingerprint(known.getOrDefault(place.id(), ""))
                        : place)
                .toList());
    }

    /// The whole file.
    public String text() {
        StringBuilder text = new StringBuilder(HEAD).append('\n').append(COMMENT);
        if (relaysPerAddress > 0) {
            text.append("relays-per-address ").append(relaysPerAddress).append('\n');
        }
        places.forEach(place -> text.append(place.line()).append('\n'));
        return text.toString();
    }
}
