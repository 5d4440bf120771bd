package sallyport.lab.dirauth;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.dircache.DescriptorSource;
import sallyport.lab.roster.HeldDescriptor;
import sallyport.lab.roster.HeldExtraInfo;

/// Descriptors, or extra-info documents, as relays posted them to us.
///
/// @param relay the fingerprint of the relay that the authority is, in upper-case hex
record RosterDescriptors(AuthorityDesk desk, String relay, boolean isExtra) implements DescriptorSource {
    @Override
    public List<byte[]> all() {
        return desk.descriptors().stream()
                .map(HeldDescriptor::fingerprint)
                .map(this::of)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public byte @Nullable [] own() {
        return of(relay).orElse(null);
    }

    @Override
    public byte @Nullable [] byDigest(byte[] digest) {
        String hex = Hex.upper(digest);
        return (isExtra
                        ? desk.extraInfo(hex).map(HeldExtraInfo::text)
                        : desk.descriptor(hex).map(HeldDescriptor::text))
                .orElse(null);
    }

    @Override
    public byte @Nullable [] byFingerprint(byte[] fingerprint) {
        return of(Hex.upper(fingerprint)).orElse(null);
    }

    private Optional<byte[]> of(String fingerprint) {
        return isExtra
                ? desk.extraInfoOf(fingerprint).map(HeldExtraInfo::text)
                : desk.descriptorOf(fingerprint).map(HeldDescriptor::text);
    }
}
