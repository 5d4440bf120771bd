package sallyport.engine.dircache;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.compress.Compression;
import sallyport.engine.compress.Compressor;
import sallyport.engine.compress.Decompression;
import sallyport.engine.directory.ConsensusListener;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.ConsensusDiff;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// The newest consensus of each flavor and the diffs to it from older ones, compressed once and put on disk. The work
/// is
/// done one piece after the other on the worker for bulk work; until a diff is there, clients get the whole.
final class ConsensusShelves implements ConsensusListener {
    private static final String MAX_AGE = "max-consensus-age-to-cache-for-diff";
    private static final int MAX_AGE_HOURS = 8192;
    // Ours: clients ask for diffs from consensuses of the last 72 hours (C tor's try-diff-for-consensus-newer-than); of
    // a
    // network that votes each hour these are all.
    private static final int OLD_PER_FLAVOR_MAX = 72;
    // Ours: a second is usual; a machine in distress may take its time.
    private static final Duration WORK_MAX = Duration.ofMinutes(10);

    private final World world;
    private final Artefacts artefacts;
    private final Map<Flavor, Shelf> shelves = new EnumMap<>(Flavor.class);
    private final Map<Flavor, Tasks.Task> tasks = new EnumMap<>(Flavor.class);

    ConsensusShelves(World world, Artefacts artefacts) {
        this.world = world;
        this.artefacts = artefacts;
    }

    /// What lies ready; null before the first consensus. From any thread.
    @Nullable
    Shelf shelf(Flavor flavor) {
        synchronized (shelves) {
            return shelves.get(flavor);
        }
    }

    /// The work on an older consensus of that flavor is given up.
    @Override
    public void believed(UnverifiedConsensus document, Consensus verified) {
        synchronized (tasks) {
            Tasks.Task before = tasks.put(
                    verified.flavor(), world.tasks().start("consensus cache", () -> shelve(document, verified)));
            if (before != null) {
                before.cancel();
            }
        }
    }

    void close() {
        synchronized (tasks) {
            tasks.values().forEach(Tasks.Task::cancel);
        }
    }

    private void shelve(UnverifiedConsensus document, Consensus verified) throws InterruptedException {
        byte[] text = document.text();
        try {
            Shelf fresh = new Shelf(
                    verified.flavor(),
                    verified.validAfter(),
                    verified.freshUntil(),
                    verified.validUntil(),
                    Hex.upper(UnverifiedConsensus.digestAsSigned(text)),
                    document.signers(),
                    Set.of());
            for (Compression how : Encodings.STORED) {
                compress(fresh.name().as(how), how, () -> text);
            }
            put(fresh);
            List<ShelfName.Stored> old = tidy(fresh, verified);
            Set<String> from = new HashSet<>();
            for (ShelfName.Stored base : old) {
                if (diff(base, text, fresh)) {
                    from.add(base.digest());
                    put(fresh.withDiffsFrom(from));
                }
            }
        } catch (IOException | Malformed e) {
            world.log().warn("", "the consensus cannot be cached for clients: " + e.getMessage());
        }
    }

    private void put(Shelf shelf) {
        synchronized (shelves) {
            // Work that was given up may come to its end all the same.
            shelves.merge(
                    shelf.flavor(),
                    shelf,
                    (held, fresh) -> fresh.validAfter().isBefore(held.validAfter()) ? held : fresh);
        }
    }

    /// Deletes what nobody will ask for, and tells from which consensuses there should be diffs, the newest first.
    private List<ShelfName.Stored> tidy(Shelf fresh, Consensus verified) {
        Duration ageMax = Duration.ofHours(verified.parameters().get(MAX_AGE, 0, MAX_AGE_HOURS, MAX_AGE_HOURS));
        Instant limit = world.clock().instant().minus(ageMax);
        List<ShelfName.Stored> old = new ArrayList<>();
        for (String name : artefacts.list()) {
            ShelfName.Stored stored = ShelfName.consensus(name);
            if (ShelfName.isStaleDiff(name, fresh.flavor(), fresh.digest())) {
                artefacts.delete(name);
            } else if (stored != null && stored.flavor() == fresh.flavor() && !stored.equals(fresh.name())) {
                // Only one encoding of old ones is of use: what diffs are made from.
                if (name.equals(stored.as(Compression.DEFLATE))
                        && !stored.validAfter().isBefore(limit)) {
                    old.add(stored);
                } else {
                    artefacts.delete(name);
                }
            }
        }
        old.sort(Comparator.comparing(ShelfName.Stored::validAfter).reversed());
        while (old.size() > OLD_PER_FLAVOR_MAX) {
            artefacts.delete(old.removeLast().as(Compression.DEFLATE));
        }
        return old;
    }

    /// Whether the diff is there.
    private boolean diff(ShelfName.Stored base, byte[] target, Shelf to) throws InterruptedException {
        CompletableFuture<byte[]> made = new CompletableFuture<>();
        try {
            for (Compression how : Encodings.STORED) {
                String name = ShelfName.diff(to.flavor(), base.digest(), to.digest(), how);
                compress(name, how, () -> {
                    if (!made.isDone()) {
                        made.complete(ConsensusDiff.between(text(base), target));
                    }
                    return made.join();
                });
            }
            return true;
        } catch (IOException e) {
            world.log().debug("", "no diff from the consensus of " + base.validAfter() + ": " + e.getMessage());
            return false;
        }
    }

    private byte[] text(ShelfName.Stored stored) throws IOException {
        byte[] zlib = artefacts.read(stored.as(Compression.DEFLATE));
        return Decompression.decompress(Compression.DEFLATE, zlib, UnverifiedConsensus.BYTES_MAX);
    }

    /// Makes an artefact unless it is there already.
    private void compress(String name, Compression how, Callable<byte[]> document)
            throws IOException, InterruptedException {
        if (!artefacts.exists(name)) {
            artefacts.write(name, onWorker(() -> Compressor.compress(how, document.call())));
        }
    }

    private <T> T onWorker(Callable<T> work) throws IOException, InterruptedException {
        CompletableFuture<T> done = new CompletableFuture<>();
        boolean accepted = world.workers()
                .submit(Workers.Kind.BULK, work, world.loops().all().getFirst(), (value, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else {
                        done.complete(value);
                    }
                });
        if (!accepted) {
            throw new IOException("too much to do");
        }
        try {
            return world.tasks().await(done, WORK_MAX);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("took too long", e);
        }
    }
}
