package sallyport.engine.instance;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// Whom one relay declares to be of its operator, and the family keys it shows. Changed by control tasks,
/// read by any thread.
final class OwnFamily {
    private final String relay;
    private final World world;
    private final List<String> keyDirectories;
    private final FamilyRegister register;
    private volatile FamilyKeys keys = FamilyKeys.NONE;

    /// @param relay its id
    OwnFamily(String relay, World world, String keyDirectory, FamilyRegister register) {
        this.relay = relay;
        this.world = world;
        this.keyDirectories = List.of(FamilyKeys.SHARED_DIRECTORY, keyDirectory);
        this.register = register;
    }

    /// From now on it is what `spec` says; where a key is missing nothing changes.
    void follow(FamilySpec spec, String fingerprint) throws KeyFileException {
        readKeys(spec);
        if (spec.together()) {
            register.joined(relay, fingerprint);
        } else {
            register.left(relay);
        }
    }

    /// Reads the keys' files again; returns whether they are others now.
    boolean readKeys(FamilySpec spec) throws KeyFileException {
        List<?> before = keys.ids();
        keys = FamilyKeys.read(world.storage(), keyDirectories, spec.ids());
        return !keys.ids().equals(before);
    }

    /// The relay ends.
    void leave() {
        register.left(relay);
    }

    /// Everyone it declares by fingerprint, itself included; empty where no list is published.
    SortedSet<String> declared(FamilySpec spec, String fingerprint, NetworkParameters voted) {
        return spec.lists(!keys.ids().isEmpty(), voted) ? register.of(fingerprint, spec) : new TreeSet<>();
    }

    FamilyKeys keys() {
        return keys;
    }
}
