package sallyport.lab.roster;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.lab.roster.KeyPins.Match;
import sallyport.lab.roster.Ruling.Outcome;

/// Takes what relays post, or says why not (C tor's dirserv_add_multiple_descriptors and what it calls).
final class Intake {
    // As C tor (MAX_EXTRAINFO_UPLOAD_SIZE).
    private static final int EXTRA_INFO_BYTES_MAX = 50_000;

    private static final Ruling FULL = Ruling.rejected("This authority knows as many relays as it can.");

    private final RosterSettings settings;
    private final String ownFingerprint;
    private final Limits limits;
    private final KeyPins pins;
    private final Admission admission;
    private final Map<String, Member> members;
    private final Archive archive;
    private final Set<String> untested = new TreeSet<>();
    private final Map<String, Integer> refusals = new TreeMap<>();

    /// @param members by fingerprint; added to
    /// @param archive added to
    Intake(
            RosterSettings settings,
            String ownFingerprint,
            Kept kept,
            Limits limits,
            Map<String, Member> members,
            Archive archive) {
        this.limits = limits;
        this.settings = settings;
        this.ownFingerprint = ownFingerprint;
        this.pins = kept.pins();
        this.admission = new Admission(settings.admittance(), Standing.read(kept.approvedRouters()), pins);
        this.members = members;
        this.archive = archive;
    }

    /// The worst of what became of its documents.
    Ruling take(byte[] upload, Instant now) {
        if (!UploadText.isUtf8(upload)) {
            return count(Ruling.rejected("descriptor(s) or extrainfo(s) not valid UTF-8 or had BOM."));
        }
        List<UploadText.Piece> pieces = UploadText.split(upload);
        Ruling worst = Ruling.ADDED;
        for (UploadText.Piece piece : pieces) {
            if (!piece.isExtraInfo()) {
                worst = worst.worse(count(takeDescriptor(piece.text(), now)));
            }
        }
        for (UploadText.Piece piece : pieces) {
            if (piece.isExtraInfo()) {
                worst = worst.worse(count(takeExtraInfo(piece.text())));
            }
        }
        return worst;
    }

    /// Each is named once.
    Set<String> untested() {
        Set<String> due = Set.copyOf(untested);
        untested.clear();
        return due;
    }

    Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    boolean isCurrent(HeldDescriptor descriptor) {
        Member member = members.get(descriptor.fingerprint());
        return member != null && member.descriptor().digest().equals(descriptor.digest());
    }

    private Ruling takeDescriptor(byte[] text, Instant now) {
        HeldDescriptor descriptor;
        try {
            descriptor = DescriptorReader.read(text);
        } catch (Malformed | Refused e) {
            // As C tor, which says nothing to whoever posts what it cannot read.
            return Ruling.ADDED;
        }
        if (text.length > RouterDescriptor.BYTES_MAX) {
            return Ruling.rejected("Router descriptor was too large.");
        }
        if (descriptor.relay().onionKey() == null) {
            return Ruling.rejected("Missing TAP key in descriptor.");
        }
        Member member = members.get(descriptor.fingerprint());
        if (member != null
                && member.descriptor().published().isBefore(descriptor.published())
                && Cosmetic.differ(member.descriptor(), descriptor)
                && !descriptor.fingerprint().equals(ownFingerprint)) {
            return Ruling.alreadyKnown("Not replacing router descriptor; no information has changed since the last one"
                    + " with this identity.");
        }
        byte[] ed25519 = descriptor.relay().verified().ed25519();
        if (!Ed25519.validatePublicKeyFull(ed25519, 0)) {
            return Ruling.rejected(null);
        }
        Ruling pinned = pin(descriptor.relay().verified());
        return pinned.outcome() == Outcome.ADDED ? add(descriptor, member, now) : pinned;
    }

    /// As C tor: it pins before it looks at the rest.
    private Ruling pin(RouterDescriptor relay) {
        Match match = pins.check(relay.rsaDigest(), relay.ed25519());
        boolean enforced = settings.admittance().pinKeys();
        if (match == Match.MISMATCH && enforced) {
            return Ruling.rejected("Looks like your keypair has changed? This authority previously recorded a different"
                    + " RSA identity for this Ed25519 identity (or vice versa.) Did you replace or copy some of your"
                    + " key files, but not the others? You should either restore the expected keypair, or delete your"
                    + " keys and restart Tor to start your relay with a new identity.");
        }
        if (match != Match.FOUND) {
            if (pins.size() >= limits.pins()) {
                return FULL;
            }
            pins.pin(relay.rsaDigest(), relay.ed25519());
        }
        return Ruling.ADDED;
    }

    private Ruling add(HeldDescriptor descriptor, @Nullable Member member, Instant now) {
        if (descriptor.certificatesExpire().isBefore(now)) {
            return new Ruling(Outcome.CERTIFICATES_EXPIRED, "Some certs on this router are expired.");
        }
        if (archive.holds(descriptor.digest())) {
            return Ruling.alreadyKnown("Router descriptor was not new.");
        }
        String refusal = admission.refusal(descriptor, now);
        if (refusal != null) {
            return Ruling.rejected(refusal);
        }
        if (member == null && (members.size() >= limits.relays() || archive.bytes() >= limits.bytes())) {
            return FULL;
        }
        if (member != null
                && !descriptor.published().isAfter(member.descriptor().published())) {
            archive.put(descriptor, this::isCurrent);
            return Ruling.alreadyKnown("Router descriptor was not new.");
        }
        if (settings.testReachability() && (member == null || member.needsTest(descriptor))) {
            untested.add(descriptor.fingerprint());
        }
        if (member == null) {
            members.put(descriptor.fingerprint(), new Member(descriptor, admission.standing(descriptor)));
        } else {
            member.replace(descriptor, admission.standing(descriptor));
        }
        archive.put(descriptor, this::isCurrent);
        return Ruling.ADDED;
    }

    private Ruling takeExtraInfo(byte[] text) {
        HeldExtraInfo extraInfo;
        try {
            extraInfo = HeldExtraInfo.read(text);
        } catch (Malformed e) {
            return Ruling.ADDED;
        }
        Member member = members.get(extraInfo.fingerprint());
        if (member == null) {
            return Ruling.badExtraInfo("No corresponding router descriptor for extra-info descriptor");
        }
        if (!extraInfo.isSignedBy(member.descriptor().identityKey())) {
            return Ruling.ADDED;
        }
        if (text.length > EXTRA_INFO_BYTES_MAX) {
            return Ruling.badExtraInfo("Extrainfo document was too large");
        }
        Ruling fits = ExtraInfoRules.fit(extraInfo, member.descriptor());
        if (fits.outcome() == Outcome.ADDED) {
            archive.put(extraInfo);
        }
        return fits;
    }

    private Ruling count(Ruling ruling) {
        if (ruling.words() != null) {
            refusals.merge(ruling.words(), 1, Integer::sum);
        }
        return ruling;
    }
}
