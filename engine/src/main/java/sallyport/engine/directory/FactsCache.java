package sallyport.engine.directory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.world.Log;
import sallyport.engine.world.Storage;

/// The facts of all documents of one kind that the consensus names. Memory holds 64 bytes a relay; the texts lie on
/// disk, in sixteen files by the digest's first half byte, so that a few new ones do not rewrite them all.
/// Used by the fetcher's one task.
final class FactsCache {
    /// One document that was read and, where it is signed, verified.
    @SuppressWarnings("ArrayRecordComponent")
    record Parsed(Digest digest, RelayFacts facts, byte[] encoded) {}

    /// Reads all documents of an answer or file; leaves out what must not be believed.
    @FunctionalInterface
    interface Parser {
        List<Parsed> parse(byte[] document, Instant now) throws Malformed;
    }

    private static final int SHARDS = 16;
    // Ours: 50,000 relays with the longest descriptors, by sixteen.
    private static final int SHARD_BYTES_MAX = 64 << 20;
    // Ours: texts waiting for the disk; 2,048 descriptors are some 6 MB.
    private static final int PENDING_MAX = 2048;

    private final Storage storage;
    private final Log log;
    private final String directory;
    private final Parser parser;
    private final Map<Digest, RelayFacts> facts = new HashMap<>();
    private final Map<Digest, byte[]> pending = new LinkedHashMap<>();
    private Set<Digest> wanted = Set.of();
    private boolean isLoaded;

    FactsCache(Storage storage, Log log, String directory, Parser parser) {
        this.storage = storage;
        this.log = log;
        this.directory = directory;
        this.parser = parser;
    }

    /// From now on exactly these documents matter. The first call reads the disk.
    void want(Set<Digest> digests, Instant now) {
        wanted = Set.copyOf(digests);
        facts.keySet().retainAll(wanted);
        if (!isLoaded) {
            isLoaded = true;
            for (int shard = 0; shard < SHARDS; shard++) {
                for (Parsed one : read(shard, now)) {
                    if (wanted.contains(one.digest())) {
                        facts.put(one.digest(), one.facts());
                    }
                }
            }
        }
    }

    /// The digests of documents that are wanted and not held.
    List<Digest> missing() {
        return wanted.stream().filter(digest -> !facts.containsKey(digest)).toList();
    }

    @Nullable
    RelayFacts get(byte @Nullable [] digest) {
        return digest == null ? null : facts.get(new Digest(digest));
    }

    /// Takes what is wanted of an answer.
    ///
    /// @return how many were new
    int offer(byte[] document, Instant now) throws Malformed {
        int taken = 0;
        for (Parsed one : parser.parse(document, now)) {
            if (!wanted.contains(one.digest()) || facts.containsKey(one.digest())) {
                continue;
            }
            facts.put(one.digest(), one.facts());
            taken++;
            if (one.encoded().length > 0 && one.encoded()[one.encoded().length - 1] == '\n') {
                pending.put(one.digest(), one.encoded());
            }
        }
        if (pending.size() >= PENDING_MAX) {
            flush(now);
        }
        return taken;
    }

    /// Writes new texts beside those on disk that are still wanted.
    void flush(Instant now) {
        Set<Integer> dirty = new HashSet<>();
        pending.keySet().forEach(digest -> dirty.add(shard(digest)));
        for (int shard : dirty) {
            Map<Digest, byte[]> texts = new LinkedHashMap<>();
            for (Parsed one : read(shard, now)) {
                if (wanted.contains(one.digest())) {
                    texts.put(one.digest(), one.encoded());
                }
            }
            pending.forEach((digest, text) -> {
                if (shard(digest) == shard) {
                    texts.put(digest, text);
                }
            });
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            texts.values().forEach(out::writeBytes);
            try {
                storage.write(name(shard), out.toByteArray());
            } catch (ClosedByInterruptException e) {
                log.debug("", "stopped while writing " + storage.describe(name(shard)));
            } catch (IOException e) {
                log.warn("", "cannot write " + storage.describe(name(shard)) + "; a restart will fetch it again");
            }
        }
        pending.clear();
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
