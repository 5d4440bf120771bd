package sallyport.engine.dircache;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// Files of the consensus cache, and those asked for lately in memory: read once, whoever asks. From any
/// thread.
final class Artefacts {
    static final String DIRECTORY = "dircache";
    // Ours: a compressed consensus of today has 1.5 MB, one of BYTES_MAX would have some 8.
    static final int BYTES_MAX = 16 << 20;
    // Ours: both consensuses of the public network in all encodings, and the diffs asked for most.
    private static final long MEMORY_BYTES_MAX = 16 << 20;

    private final World world;
    private final long diskBytesMax;
    /// What lies on disk; null before anybody has looked.
    private @Nullable Map<String, Long> stored;

    private long storedBytes;
    private boolean said;
    private final Map<String, byte[]> recent = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<String, CompletableFuture<byte[]>> reading = new ConcurrentHashMap<>();
    private long recentBytes;

    /// @param diskBytesMax what all files together may have
    Artefacts(World world, long diskBytesMax) {
        this.world = world;
        this.diskBytesMax = diskBytesMax;
    }

    /// Gives the content to `reader`: at once from memory, or from a control task once it was read; null
    /// where it cannot be read. Shared, not to be changed.
    void open(String name, Consumer<byte @Nullable []> reader) {
        byte[] held = remembered(name);
        if (held != null) {
            reader.accept(held);
            return;
        }
        CompletableFuture<byte[]> fresh = new CompletableFuture<>();
        CompletableFuture<byte[]> before = reading.putIfAbsent(name, fresh);
        var _ = (before == null ? fresh : before).whenComplete((content, _) -> reader.accept(content));
        if (before == null) {
            Tasks.Task _ = world.tasks().start("directory cache", () -> readInto(fresh, name));
        }
    }

    private void readInto(CompletableFuture<byte[]> result, String name) {
        try {
            byte[] content = read(name);
            reading.remove(name);
            result.complete(content);
        } catch (IOException e) {
            reading.remove(name);
            result.completeExceptionally(e);
        }
    }

    /// Control tasks only.
    byte[] read(String name) throws IOException {
        byte[] content =
                world.storage().read(path(name), BYTES_MAX).orElseThrow(() -> new IOException("no file " + name));
        remember(name, content);
        return content;
    }

    /// Control tasks only. What cannot be written is in memory at least for a while.
    void write(String name, byte[] content) {
        remember(name, content);
        if (!hasRoom(name, content.length)) {
            return;
        }
        try {
            world.storage().write(path(name), content);
            store(name, content.length);
        } catch (ClosedByInterruptException e) {
            // A newer consensus is there, or the process stops.
            world.log().debug("", "stopped while writing " + world.storage().describe(path(name)));
        } catch (IOException e) {
            world.log()
                    .warn("", "cannot write " + world.storage().describe(path(name)) + "; clients get it less often");
        }
    }

    /// Control tasks only.
    void delete(String name) {
        synchronized (recent) {
            byte[] held = recent.remove(name);
            recentBytes -= held == null ? 0 : held.length;
        }
        try {
            world.storage().delete(path(name));
            store(name, 0);
        } catch (IOException e) {
            world.log().debug("", "cannot delete " + world.storage().describe(path(name)));
        }
    }

    /// Whether the file fits beside the others; that one does not is said once.
    private synchronized boolean hasRoom(String name, long bytes) {
        long before = stored().getOrDefault(name, 0L);
        boolean fits = storedBytes - before + bytes <= diskBytesMax;
        if (!fits && !said) {
            world.log()
                    .warn(
                            "",
                            world.storage().describe(DIRECTORY) + " has as much as process.directory-cache-max allows;"
                                    + " clients get some documents less often");
        }
        said |= !fits;
        return fits;
    }

    private synchronized void store(String name, long bytes) {
        Long before = bytes == 0 ? stored().remove(name) : stored().put(name, bytes);
        storedBytes += bytes - (before == null ? 0 : before);
    }

    private synchronized Map<String, Long> stored() {
        Map<String, Long> known = stored;
        if (known == null) {
            known = new HashMap<>();
            for (String name : list()) {
                try {
                    long bytes = world.storage().bytes(path(name));
                    known.put(name, bytes);
                    storedBytes += bytes;
                } catch (IOException e) {
                    world.log().debug("", "cannot look at " + world.storage().describe(path(name)));
                }
            }
            stored = known;
        }
        return known;
    }

    boolean exists(String name) {
        return world.storage().exists(path(name));
    }

    /// Control tasks only.
    List<String> list() {
        try {
            return world.storage().list(DIRECTORY);
        } catch (IOException e) {
            world.log().warn("", "cannot list " + world.storage().describe(DIRECTORY) + "; old diffs are made again");
            return List.of();
        }
    }

    /// Bytes held in memory.
    long heldBytes() {
        synchronized (recent) {
            return recentBytes;
        }
    }

    private byte @Nullable [] remembered(String name) {
        synchronized (recent) {
            return recent.get(name);
        }
    }

    private void remember(String name, byte[] content) {
        synchronized (recent) {
            byte[] before = recent.put(name, content);
            recentBytes += content.length - (before == null ? 0 : before.length);
            var oldest = recent.entrySet().iterator();
            while (recentBytes > MEMORY_BYTES_MAX && oldest.hasNext()) {
                recentBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }

    private static String path(String name) {
        return DIRECTORY + "/" + name;
    }
}
