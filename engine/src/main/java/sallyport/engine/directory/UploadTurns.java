package sallyport.engine.directory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.world.Tasks;

/// Who of the process's relays may talk to the authorities: so many at a time, the others in the order in
/// which they came. A change that concerns them all then reaches each authority as a row of uploads, not
/// as hundreds at once. From any control task.
final class UploadTurns {
    // Ours. An upload takes a fraction of a second, and one that meets a silent authority half a minute: 250 relays are
    // through within eight.
    static final int AT_ONCE_MAX = 16;
    // Turns end by themselves; waiting longer only means to ask again.
    private static final Duration WAIT = Duration.ofMinutes(10);

    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int free = AT_ONCE_MAX;

    /// Waits for a turn. Who has got one gives it back with [#leave].
    void take(Tasks tasks) throws InterruptedException {
        CompletableFuture<Void> turn = ask();
        try {
            while (!turn.isDone()) {
                await(turn, tasks);
            }
        } catch (InterruptedException cancelled) {
            giveUp(turn);
            throw cancelled;
        }
    }

    /// The next one's turn.
    synchronized void leave() {
        CompletableFuture<Void> next = waiting.pollFirst();
        if (next == null) {
            free++;
        } else {
            next.complete(null);
        }
    }

    private static void await(CompletableFuture<Void> turn, Tasks tasks) throws InterruptedException {
        try {
            tasks.await(turn, WAIT);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn that failed", e);
        }
    }

    private synchronized CompletableFuture<Void> ask() {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        if (free > 0) {
            free--;
            turn.complete(null);
        } else {
            waiting.addLast(turn);
        }
        return turn;
    }

    private synchronized void giveUp(CompletableFuture<Void> turn) {
        if (!waiting.remove(turn)) {
            leave();
        }
    }
}
