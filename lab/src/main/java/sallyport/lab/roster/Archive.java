package sallyport.lab.roster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.lab.vote.ConsensusMethods;
import sallyport.lab.vote.MicrodescriptorText;

/// The documents that an authority hands out: current descriptors, those that newer ones replaced, and what
/// belongs to either. Keys are digests in upper-case hex.
final class Archive {
    // Ours: votes and consensuses of the last hours may still name them; relays publish every 18 hours.
    private static final int OLD_PER_RELAY_MAX = 4;

    // Both: oldest first.
    private final Map<String, Held> descriptors = new LinkedHashMap<>();
    private final Map<String, Deque<HeldDescriptor>> byRelay = new HashMap<>();
    private final Map<String, HeldExtraInfo> extraInfos = new HashMap<>();
    private final Map<String, Shared> microdescriptors = new HashMap<>();
    private long bytes;

    private record Held(HeldDescriptor descriptor, List<String> microdescriptors) {}

    /// @param holders how many descriptors make it
    @SuppressWarnings("ArrayRecordComponent")
    private record Shared(byte[] text, int holders) {}

    /// What all of it takes, but for some bytes of administration.
    long bytes() {
        return bytes;
    }

    boolean holds(String digest) {
        return descriptors.containsKey(digest);
    }

    Optional<HeldDescriptor> descriptor(String digest) {
        return Optional.ofNullable(descriptors.get(digest)).map(Held::descriptor);
    }

    Optional<HeldExtraInfo> extraInfo(String digest) {
        return Optional.ofNullable(extraInfos.get(digest));
    }

    /// @param digest SHA-256
    Optional<byte[]> microdescriptor(String digest) {
        return Optional.ofNullable(microdescriptors.get(digest)).map(Shared::text);
    }

    /// Keeps one, and of the same relay only the newest few besides the current one.
    void put(HeldDescriptor descriptor, Predicate<HeldDescriptor> isCurrent) {
        List<String> digests = new ArrayList<>();
        for (int method : ConsensusMethods.supported()) {
            byte[] text = MicrodescriptorText.of(descriptor.relay(), method);
            String digest = text == null ? "" : Hex.upper(Hashes.sha256(text));
            if (text != null && !digests.contains(digest)) {
                digests.add(digest);
                Shared known = microdescriptors.get(digest);
                bytes += known == null ? text.length : 0;
                microdescriptors.put(digest, new Shared(text, known == null ? 1 : known.holders() + 1));
            }
        }
        descriptors.put(descriptor.digest(), new Held(descriptor, digests));
        bytes += descriptor.text().length;
        Deque<HeldDescriptor> ofRelay = byRelay.computeIfAbsent(descriptor.fingerprint(), _ -> new ArrayDeque<>());
        ofRelay.addLast(descriptor);
        if (ofRelay.size() > 1 + OLD_PER_RELAY_MAX) {
            ofRelay.stream().filter(isCurrent.negate()).findFirst().ifPresent(this::remove);
        }
    }

    void put(HeldExtraInfo extraInfo) {
        HeldExtraInfo before = extraInfos.put(extraInfo.digest(), extraInfo);
        bytes += extraInfo.text().length - (before == null ? 0 : before.text().length);
    }

    /// Drops descriptors with all that belongs to them.
    void removeIf(Predicate<HeldDescriptor> drop) {
        descriptors.values().stream()
                .map(Held::descriptor)
                .filter(drop)
                .toList()
                .forEach(this::remove);
    }

    /// Drops old ones, from the oldest on, until no more than so many bytes are held.
    void shrink(long bytesMax, Predicate<HeldDescriptor> isCurrent) {
        if (bytes <= bytesMax) {
            return;
        }
        Iterator<HeldDescriptor> oldest = descriptors.values().stream()
                .map(Held::descriptor)
                .filter(isCurrent.negate())
                .toList()
                .iterator();
        while (bytes > bytesMax && oldest.hasNext()) {
            remove(oldest.next());
        }
    }

    private void remove(HeldDescriptor descriptor) {
        Held held = descriptors.remove(descriptor.digest());
        if (held == null) {
            return;
        }
        bytes -= descriptor.text().length;
        byRelay.computeIfPresent(descriptor.fingerprint(), (_, ofRelay) -> {
            ofRelay.remove(held.descriptor());
            return ofRelay.isEmpty() ? null : ofRelay;
        });
        for (String digest : held.microdescriptors()) {
            microdescriptors.computeIfPresent(digest, (_, shared) -> {
                if (shared.holders() > 1) {
                    return new Shared(shared.text(), shared.holders() - 1);
                }
                bytes -= shared.text().length;
                return null;
            });
        }
        byte[] named = descriptor.extraInfoSha1();
        boolean namedByAnother = byRelay.getOrDefault(descriptor.fingerprint(), new ArrayDeque<>()).stream()
                .anyMatch(other -> Arrays.equals(other.extraInfoSha1(), named));
        HeldExtraInfo extraInfo = named == null || namedByAnother ? null : extraInfos.remove(Hex.upper(named));
        if (extraInfo != null) {
            bytes -= extraInfo.text().length;
        }
    }
}
