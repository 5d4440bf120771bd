package sallyport.engine.directory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.world.Log;
import sallyport.engine.world.Storage;

/// All documents of one kind that the consensus names, and for a while those it named before: clients with an older
/// consensus ask for them. Facts and texts are in memory; the texts lie on disk too, in sixteen files by the digest's
/// first half byte, so that a few new ones do not rewrite them all.
/// Used by the fetcher's one task; [#text] from any thread.
final class DocumentCache {
    /// One document that was read and, where it is signed, verified.
    ///
    /// @param published when its relay wrote it; null where it does not say
    @SuppressWarnings("ArrayRecordComponent")
    record Parsed(
            Digest digest,
            RelayFacts facts,
            byte[] encoded,
            @Nullable Instant published) {}

    /// Reads all documents of an answer or file; leaves out what must not be believed.
    @FunctionalInterface
    interface Parser {
        List<Parsed> parse(byte[] document, Instant now) throws Malformed;
    }

    /// What is held of one document.
    private static final class Kept {
        final RelayFacts facts;
        final byte[] text;
        final @Nullable Instant published;
        /// Touched by the fetcher's task only.
        Instant lastListed;

        Kept(Parsed one, Instant now) {
            facts = one.facts();
            text = one.encoded();
            published = one.published();
            lastListed = now;
        }
    }

    private static final int SHARDS = 16;
    // Ours: 50,000 relays with the longest descriptors, by sixteen.
    private static final int SHARD_BYTES_MAX = 64 << 20;
    // Ours: texts waiting for the disk; 2,048 descriptors are some 6 MB.
    private static final int PENDING_MAX = 2048;
    // Ours: a network changes by a few percent a day; who floods it with changes must not fill our memory.
    private static final int OLD_PER_LISTED_MAX = 1;

    private final Storage storage;
    private final Log log;
    private final String directory;
    private final Duration oldAgeMax;
    private final Parser parser;
    private final Map<Digest, Kept> kept = new ConcurrentHashMap<>();
    private final Set<Digest> pending = new HashSet<>();
    private Set<Digest> wanted = Set.of();
    private boolean isLoaded;

    /// @param oldAgeMax how long a document is kept after it was last listed
    DocumentCache(Storage storage, Log log, String directory, Duration oldAgeMax, Parser parser) {
        this.storage = storage;
        this.log = log;
        this.directory = directory;
        this.oldAgeMax = oldAgeMax;
        this.parser = parser;
    }

    /// From now on these documents are listed. The first call reads the disk.
    void want(Set<Digest> digests, Instant now) {
        wanted = Set.copyOf(digests);
        if (!isLoaded) {
            isLoaded = true;
            for (int shard = 0; shard < SHARDS; shard++) {
                read(shard, now).forEach(one -> kept.put(one.digest(), new Kept(one, now)));
            }
        }
        for (Digest digest : wanted) {
            Kept held = kept.get(digest);
            if (held != null) {
                held.lastListed = now;
            }
        }
        dropOld(now.minus(oldAgeMax));
    }

    private void dropOld(Instant listedBefore) {
        List<Map.Entry<Digest, Kept>> old = kept.entrySet().stream()
                .filter(each -> !wanted.contains(each.getKey()))
                .sorted(Comparator.comparing((Map.Entry<Digest, Kept> each) -> each.getValue().lastListed)
                        .reversed())
                .toList();
        for (int i = 0; i < old.size(); i++) {
            Map.Entry<Digest, Kept> each = old.get(i);
            if (i >= OLD_PER_LISTED_MAX * wanted.size()
                    || each.getValue().lastListed.isBefore(listedBefore)) {
                kept.remove(each.getKey());
            }
        }
    }

    /// The digests of documents that are wanted and not held.
    List<Digest> missing() {
        return wanted.stream().filter(digest -> !kept.containsKey(digest)).toList();
    }

    @Nullable
    RelayFacts get(byte @Nullable [] digest) {
        Kept held = digest == null ? null : kept.get(new Digest(digest));
        return held == null ? null : held.facts;
    }

    /// The text, shared; null where it is not held. From any thread.
    byte @Nullable [] text(byte[] digest) {
        Kept held = kept.get(new Digest(digest));
        return held == null ? null : held.text;
    }

    /// When its relay wrote it; null where it is not held or does not say. From any thread.
    @Nullable
    Instant published(byte[] digest) {
        Kept held = kept.get(new Digest(digest));
        return held == null ? null : held.published;
    }

    /// Takes what is wanted of an answer.
    ///
    /// @return how many were new
    int offer(byte[] document, Instant now) throws Malformed {
        int taken = 0;
        for (Parsed one : parser.parse(document, now)) {
            if (!wanted.contains(one.digest()) || kept.containsKey(one.digest())) {
                continue;
            }
            kept.put(one.digest(), new Kept(one, now));
            pending.add(one.digest());
            taken++;
        }
        if (pending.size() >= PENDING_MAX) {
            flush();
        }
        return taken;
    }

    /// Writes the files anew that lack something.
    void flush() {
        Set<Integer> dirty = new HashSet<>();
        pending.forEach(digest -> dirty.add(shard(digest)));
        pending.clear();
        for (int shard : dirty) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            kept.forEach((digest, held) -> {
                // One without a line end would run into the next.
                if (shard(digest) == shard && held.text.length > 0 && held.text[held.text.length - 1] == '\n') {
                    out.writeBytes(held.text);
                }
            });
            try {
                storage.write(name(shard), out.toByteArray());
            } catch (ClosedByInterruptException e) {
                log.debug("", "stopped while writing " + storage.describe(name(shard)));
            } catch (IOException e) {
                log.warn("", "cannot write " + storage.describe(name(shard)) + "; a restart will fetch it again");
            }
        }
    }

    private List<Parsed> read(int shard, Instant now) {
        try {
            byte[] document = storage.read(name(shard), SHARD_BYTES_MAX).orElse(new byte[0]);
            return parser.parse(document, now);
        } catch (IOException | Malformed e) {
            log.warn("", "cannot read " + storage.describe(name(shard)) + "; its documents will be fetched again");
            return new ArrayList<>();
        }
    }

    private String name(int shard) {
        return directory + "/" + Integer.toHexString(shard);
    }

    private static int shard(Digest digest) {
        return (digest.bytes()[0] & 0xff) / (256 / SHARDS);
    }
}
