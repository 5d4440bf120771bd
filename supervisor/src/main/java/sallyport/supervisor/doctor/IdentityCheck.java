package sallyport.supervisor.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.instance.FamilySpec;
import sallyport.supervisor.doctor.IdentityFacts.Listed;
import sallyport.supervisor.doctor.IdentityFacts.Relay;

/// Predicts what authorities and the validators of contacts will say of a fleet (dir-spec; proposals 321
/// and 326; CIISS). Judges facts, and looks at nothing itself.
public final class IdentityCheck {
    // The reference of operators: warned of at half of C tor's 30 days.
    private static final Duration RENEW_SOON = Duration.ofDays(15);
    private static final int NAMED_MAX = 3;
    private static final String RSA_FILE = "rsa-fingerprint.txt";
    private static final String FAMILY_FILE = "ed25519-family-id.txt";

    private final IdentityFacts facts;
    private final List<Finding> findings = new ArrayList<>();

    private IdentityCheck(IdentityFacts facts) {
        this.facts = facts;
    }

    /// Nothing where all is well.
    public static List<Finding> examine(IdentityFacts facts) {
        IdentityCheck check = new IdentityCheck(facts);
        facts.relays().forEach(check::keys);
        check.twins();
        check.family();
        check.outsiders();
        check.contacts();
        facts.relays().forEach(check::place);
        return check.findings;
    }

    private void keys(Relay relay) {
        String id = relay.spec().id();
        if (!relay.fault().isEmpty()) {
            add(
                    "D155",
                    Severity.ERROR,
                    id + ": " + relay.fault(),
                    "the relay cannot start",
                    "bring the file back from" + " the backup");
            return;
        }
        if (relay.keys().isEmpty()) {
            boolean was = !relay.recorded().isEmpty();
            add(
                    "D155",
                    was ? Severity.ERROR : Severity.NOTE,
                    id + " has no keys" + (was ? ", yet the lock file has its fingerprint" : ""),
                    was ? "with new keys it would be another relay" : "it is a new relay, measured within days",
                    was ? "bring relays/" + id + "/keys here from the backup" : "sallyport apply, which makes them");
            return;
        }
        String ed25519 = Base64Text.unpadded(relay.keys().get().identity().ed25519());
        if (!relay.ranAs().isEmpty() && !relay.ranAs().equals(ed25519)) {
            add(
                    "D155",
                    Severity.ERROR,
                    id + " ran here with the Ed25519 identity " + relay.ranAs() + ", and has another one now",
                    "authorities remember which Ed25519 identity belongs to a fingerprint, and refuse any other",
                    "bring back the files of one identity, both keys together");
        }
        if (!relay.recorded().isEmpty() && !relay.recorded().equals(relay.fingerprint())) {
            add(
                    "D155",
                    Severity.ERROR,
                    id + " has the fingerprint " + relay.fingerprint() + ", and in the lock file " + relay.recorded(),
                    "it would be another relay than the one everybody knows",
                    "bring relays/" + id + "/keys here from where it ran");
        }
        Instant ends = relay.keys().get().signingKeyExpires();
        if (!relay.keys().get().canRenew() && ends.isBefore(facts.now().plus(RENEW_SOON))) {
            boolean over = !ends.isAfter(facts.now());
            add(
                    "D150",
                    over ? Severity.ERROR : Severity.WARNING,
                    id + ": its signing key " + (over ? "ended" : "ends") + " at " + ends,
                    "the master key is elsewhere, and without a signing key authorities take no descriptor",
                    "sallyport identity renew, where the master key is");
        }
    }

    private void twins() {
        Map<String, String> holders = new HashMap<>();
        for (Relay relay : facts.relays()) {
            String other = relay.fingerprint().isEmpty()
                    ? null
                    : holders.putIfAbsent(relay.fingerprint(), relay.spec().id());
            if (other != null) {
                add(
                        "D154",
                        Severity.ERROR,
                        other + " and " + relay.spec().id() + " have the same keys",
                        "authorities list whichever published last, and circuits through the other break",
                        "move relays/" + relay.spec().id() + "/keys away, so that it gets its own");
            }
        }
    }

    private void family() {
        Set<List<String>> shown = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        for (Relay relay : facts.relays()) {
            shown.add(relay.familyIds().stream().sorted().toList());
            if (!relay.familyFault().isEmpty()) {
                add(
                        "D140",
                        Severity.ERROR,
                        relay.spec().id() + ": " + relay.familyFault(),
                        "a relay whose family key is missing does not start",
                        "copy the file from another member, or take the id out of family.ids");
            }
        }
        if (shown.size() > 1) {
            add(
                    "D140",
                    Severity.ERROR,
                    "the relays show different family keys",
                    "clients take relays without a common one for relays of different operators",
                    "put family keys into family-keys/, not into the keys/ of single relays");
        }
        List<String> alone = facts.relays().stream()
                .filter(relay -> relay.familyIds().isEmpty())
                .filter(relay -> relay.spec().family().listing() == FamilySpec.Listing.OFF
                        || !relay.spec().family().together())
                .map(relay -> relay.spec().id())
                .toList();
        if (!alone.isEmpty() && facts.relays().size() > 1) {
            add(
                    "D140",
                    Severity.ERROR,
                    "neither list nor certificate: " + some(alone),
                    "a circuit could go through two of the relays, which Tor forbids: such relays are removed",
                    "family.together = true, or family.ids with a family key");
        }
    }

    /// A family by fingerprints holds where both sides name each other.
    private void outsiders() {
        TreeSet<String> ours = new TreeSet<>();
        TreeSet<String> others = new TreeSet<>();
        for (Relay relay : facts.relays()) {
            if (!relay.fingerprint().isEmpty() && relay.familyIds().isEmpty()) {
                ours.add(relay.fingerprint());
            }
            others.addAll(relay.spec().family().others());
        }
        for (String other : others) {
            List<String> named = facts.families().get(other);
            List<String> missing = ours.stream()
                    .filter(fingerprint -> named != null && !named.contains(fingerprint))
                    .toList();
            if (!missing.isEmpty()) {
                add(
                        "D140",
                        Severity.WARNING,
                        other + " does not declare " + some(missing),
                        "clients believe a family only where both say so",
                        "add them to MyFamily there, or show one family key on both sides");
            }
        }
    }

    private void contacts() {
        List<String> silent = facts.relays().stream()
                .filter(relay -> relay.spec().contact().isEmpty())
                .map(relay -> relay.spec().id())
                .toList();
        if (!silent.isEmpty()) {
            add(
                    "D143",
                    Severity.WARNING,
                    "without contact: " + some(silent),
                    "nobody can tell you of a problem, and relays without contact are removed first",
                    "contact { email = \"...\" }");
        }
        Map<String, String> contacts = facts.relays().stream()
                .filter(relay -> !relay.spec().contact().isEmpty())
                .collect(Collectors.toMap(
                        relay -> relay.spec().id(), relay -> relay.spec().contact()));
        List<String> free = contacts.entrySet().stream()
                .filter(contact -> field(contact.getValue(), "ciissversion").isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!free.isEmpty()) {
            add(
                    "D143",
                    Severity.NOTE,
                    "contact without ciissversion: " + some(free),
                    "validators read fields only; people read the rest",
                    "write contact as a section, contact { email = \"...\" }");
        }
        for (String key : List.of("email", "url", "proof")) {
            List<String> said = contacts.values().stream()
                    .map(contact -> field(contact, key))
                    .distinct()
                    .toList();
            if (said.size() > 1) {
                add(
                        "D143",
                        Severity.WARNING,
                        "the relays have different values of " + key + " in their contacts",
                        "validators take them for relays of different operators",
                        "set contact." + key + " once, for all");
            }
        }
        facts.relays().forEach(this::proof);
    }

    private void proof(Relay relay) {
        String id = relay.spec().id();
        String proof = field(relay.spec().contact(), "proof");
        boolean ofFamily = proof.endsWith("familyid-ed25519");
        if (ofFamily && relay.familyIds().isEmpty()) {
            add(
                    "D142",
                    Severity.ERROR,
                    id + ": proof:" + proof + " without a family key",
                    "the site's file proves family ids, and the relay shows none",
                    "family.ids, see sallyport identity family-keygen");
        }
        if (facts.site().isEmpty() || !proof.startsWith("uri-")) {
            return;
        }
        String file = ofFamily ? FAMILY_FILE : RSA_FILE;
        List<String> lines = facts.site().get().get(file);
        List<String> wanted = ofFamily ? relay.familyIds() : List.of(relay.fingerprint());
        for (String one : wanted) {
            boolean there = lines != null
                    && lines.stream().anyMatch(line -> ofFamily ? line.equals(one) : line.equalsIgnoreCase(one));
            if (!there && !one.isEmpty()) {
                boolean almost = lines != null && lines.stream().anyMatch(line -> line.equalsIgnoreCase(one));
                add(
                        "D142",
                        Severity.ERROR,
                        id + ": " + file
                                + (lines == null
                                        ? " is missing"
                                        : almost ? " has " + one + " in other capitals" : " lacks " + one),
                        "validators do not believe the url of the contact",
                        "sallyport identity proof-files, and publish what it writes");
            }
        }
    }

    /// What the network lists under the relay's name, keys and address.
    private void place(Relay relay) {
        String id = relay.spec().id();
        RelayAddress own = relay.spec().orAddresses().getFirst();
        if (relay.spec().nickname().toLowerCase(Locale.ROOT).equals("unnamed")) {
            add(
                    "D156",
                    Severity.WARNING,
                    id + " has the nickname Unnamed",
                    "that is what relays without a name have",
                    "choose a nickname");
        }
        Set<String> ours = facts.relays().stream().map(Relay::fingerprint).collect(Collectors.toSet());
        for (Listed listed : facts.listed()) {
            boolean here = listed.address().equals(own.host()) && listed.orPort() == own.port();
            if (listed.fingerprint().equals(relay.fingerprint()) && !here) {
                add(
                        "D154",
                        Severity.WARNING,
                        id + " is listed at " + listed.address() + ":" + listed.orPort() + ", and is to run at " + own,
                        "two copies of one identity break each other's circuits",
                        "be sure that the other one has stopped; a relay that moves is listed anew within hours");
            } else if (here && !ours.contains(listed.fingerprint())) {
                add(
                        "D154",
                        Severity.WARNING,
                        "a relay with other keys, " + listed.fingerprint() + ", is listed at the address of " + id,
                        "authorities keep only some of the relays of one address",
                        "be sure that it has stopped, or that " + id + " is to have other keys");
            } else if (listed.nickname().equalsIgnoreCase(relay.spec().nickname())
                    && !ours.contains(listed.fingerprint())) {
                add(
                        "D156",
                        Severity.NOTE,
                        id + " has the nickname of " + listed.fingerprint() + ", " + listed.nickname(),
                        "names need not be unique, yet people take them for the same operator's",
                        "choose another nickname, if that is not meant");
            }
        }
    }

    /// The value of a field of CIISS; empty where the contact has no such field.
    private static String field(String contact, String key) {
        for (String token : contact.split("\\s+", -1)) {
            if (token.startsWith(key + ":")) {
                return token.substring(key.length() + 1);
            }
        }
        return "";
    }

    private void add(String id, Severity severity, String what, String why, String next) {
        findings.add(new Finding(id, severity, what, why, next));
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
        return names.size() <= NAMED_MAX ? shown : shown + " and " + (names.size() - NAMED_MAX) + " more";
    }
}
