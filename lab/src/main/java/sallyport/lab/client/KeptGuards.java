package sallyport.lab.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.lab.guard.KeptGuard;
import sallyport.lab.guard.StateFile;

/// The file in which a client's guards outlive it, and the task that writes it. Not for event loops.
final class KeptGuards {
    // As C tor: half a minute after a change.
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LOOP_LIMIT = Duration.ofSeconds(10);
    // As C tor: so many files that could not be read are kept.
    private static final int ASIDE_MAX = 100;

    private final World world;
    private final String client;
    private final String name;
    private final Supplier<CompletableFuture<Optional<List<KeptGuard>>>> changes;
    private StateFile file = StateFile.EMPTY;
    private Tasks.@Nullable Task writing;

    /// @param client for the log
    /// @param name of the file
    /// @param changes asks, from any thread, for the guards; nothing where they are as they were
    KeptGuards(
            World world, String client, String name, Supplier<CompletableFuture<Optional<List<KeptGuard>>>> changes) {
        this.world = world;
        this.client = client;
        this.name = name;
        this.changes = changes;
    }

    /// Those of the last run; none where there was no such or its file cannot be read. Begins to write.
    List<KeptGuard> begin() {
        try {
            byte[] content = world.storage().read(name, StateFile.BYTES_MAX).orElse(new byte[0]);
            Optional<StateFile> read = StateFile.parse(content, world.clock().instant());
            if (read.isPresent()) {
                file = read.get();
            } else {
                putAside(content);
            }
        } catch (IOException e) {
            // Nothing is written either: what nobody can read is not ours to replace.
            world.log().warn(client, "the file of its guards cannot be read; they are not kept");
            return List.of();
        }
        writing = world.tasks().start("guards of a client", this::keepWriting);
        return file.guards();
    }

    private void putAside(byte[] content) throws IOException {
        for (int i = 0; i < ASIDE_MAX; i++) {
            String aside = name + "." + i;
            if (!world.storage().exists(aside)) {
                world.storage().write(aside, content);
                world.log().warn(client, "the file of its guards makes no sense; it is put aside");
                return;
            }
        }
        world.log().warn(client, "the file of its guards makes no sense, as too many before it");
    }

    private void keepWriting() throws InterruptedException {
        while (true) {
            world.tasks().sleep(INTERVAL);
            write();
        }
    }

    private void write() throws InterruptedException {
        try {
            Optional<List<KeptGuard>> guards = world.tasks().await(changes.get(), LOOP_LIMIT);
            if (guards.isPresent()) {
                file = file.with(guards.get());
                world.storage().write(name, file.text(world.clock().instant()));
            }
        } catch (IOException e) {
            world.log().warn(client, "the file of its guards cannot be written");
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("guards that nobody answers for", e);
        }
    }

    /// Writes what has changed, and no more. Before the client's loop is over.
    void end() throws InterruptedException {
        Tasks.Task task = writing;
        if (task != null) {
            writing = null;
            task.cancel();
            if (task.join(LOOP_LIMIT)) {
                write();
            }
        }
    }
}
