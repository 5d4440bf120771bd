package sallyport.supervisor.doctor;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sallyport.engine.identity.FoundKeys;
import sallyport.engine.instance.InstanceSpec;

/// What was found of the identities of a fleet, for [IdentityCheck] to judge.
///
/// @param relays of this host
/// @param listed relays of the last consensus that this process fetched; empty where there is none
/// @param families whom relays of that consensus declare by fingerprint, themselves by theirs; only those
/// whose microdescriptor is known
/// @param site lines of the files that are to be published, by file name; empty where nobody said where
/// they are
public record IdentityFacts(
        List<Relay> relays,
        List<Listed> listed,
        Map<String, List<String>> families,
        Optional<Map<String, List<String>>> site,
        Instant now) {
    public IdentityFacts {
        relays = List.copyOf(relays);
        listed = List.copyOf(listed);
        families = Map.copyOf(families);
    }

    /// One relay of ours.
    ///
    /// @param keys empty where it has none, or `fault` says why they cannot be used
    /// @param familyIds the family keys that it will show; none where `familyFault` says why
    /// @param ranAs the Ed25519 identity under which it ran here before; empty where it never did
    /// @param recorded the fingerprint that the lock file has of it; empty where it has none
    public record Relay(
            InstanceSpec spec,
            Optional<FoundKeys> keys,
            String fault,
            List<String> familyIds,
            String familyFault,
            String ranAs,
            String recorded) {
        public Relay {
            familyIds = List.copyOf(familyIds);
        }

        /// 40 upper-case hex digits; empty where its keys are not known.
        String fingerprint() {
            return keys.map(found -> found.identity().fingerprint()).orElse("");
        }
    }

    /// A relay of the consensus, whoever's.
    public record Listed(String nickname, String fingerprint, String address, int orPort) {}
}
