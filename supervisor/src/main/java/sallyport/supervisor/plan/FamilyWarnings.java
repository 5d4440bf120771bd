package sallyport.supervisor.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;

/// Relays that are to show a family key, and have none.
final class FamilyWarnings {
    /// What CIISS calls the proofs by a family key.
    private static final String PROOF = "familyid-ed25519";

    private FamilyWarnings() {}

    /// Each with the command that mends it.
    static List<String> of(FleetSpec fleet, Set<String> withoutKey) {
        List<String> warnings = new ArrayList<>();
        String keygen = "sallyport identity family-keygen --directory "
                + fleet.dataDirectory().resolve(FamilyKeys.SHARED_DIRECTORY) + " NAME";
        int missing = (int) fleet.relays().stream()
                .map(InstanceSpec::id)
                .filter(withoutKey::contains)
                .count();
        if (missing > 0) {
            warnings.add("family: family.ids asks for a key that is not here, and " + Planner.relays(missing)
                    + " will not start without it, nor have a family certificate; make the first with: " + keygen
                    + " (or copy it from another host)");
        }
        int promising = (int) fleet.relays().stream()
                .filter(relay -> relay.family().ids().isEmpty())
                .filter(relay -> relay.contact().contains(PROOF))
                .count();
        if (promising > 0) {
            warnings.add("family: the contact of " + Planner.relays(promising)
                    + " promises proof by a family key, and without one they have no family certificate; make it"
                    + " with: " + keygen + ", then set family.ids = \"*\"");
        }
        return warnings;
    }
}
