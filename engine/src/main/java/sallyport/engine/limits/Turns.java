package sallyport.engine.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.world.Tasks;

/// Who of the process's relays may do what costs all of them something: so many at a time, the others in the order in
/// which they asked. From any control task.
public final class Turns {
    // Turns end by themselves; waiting longer only means to ask again.
    private static final Duration WAIT = Duration.ofMinutes(10);

    private final Set<Turn> waiting = new LinkedHashSet<>();
    private int free;

    /// One's place in the line, and then one's turn.
    public static final class Turn {
        private final CompletableFuture<Void> come = new CompletableFuture<>();

        private Turn() {}
    }

    /// @param atOnce how many have their turn at the same time
    public Turns(int atOnce) {
        this.free = atOnce;
    }

    /// Gets in line. Who has got a turn gives it back with [#leave], or waits for it with [#await].
    public synchronized Turn ask() {
        Turn turn = new Turn();
        if (free > 0) {
            free--;
            turn.come.complete(null);
        } else {
            waiting.add(turn);
        }
        return turn;
    }

    /// Waits for the turn. Who is cancelled meanwhile has none, and leaves nothing behind.
    public void await(Turn turn, Tasks tasks) throws InterruptedException {
        try {
            while (!turn.come.isDone()) {
                awaitOnce(turn, tasks);
            }
        } catch (InterruptedException cancelled) {
            giveUp(turn);
            throw cancelled;
        }
    }

    /// Gets in line and waits.
    public void take(Tasks tasks) throws InterruptedException {
        await(ask(), tasks);
    }

    /// The next one's turn.
    public synchronized void leave() {
        if (waiting.isEmpty()) {
            free++;
        } else {
            Turn next = waiting.iterator().next();
            waiting.remove(next);
            next.come.complete(null);
        }
    }

    /// Everybody's place in the line, from 1.
    public synchronized Map<Turn, Integer> places() {
        Map<Turn, Integer> places = new HashMap<>();
        waiting.forEach(turn -> places.put(turn, places.size() + 1));
        return places;
    }

    private static void awaitOnce(Turn turn, Tasks tasks) throws InterruptedException {
        try {
            tasks.await(turn.come, WAIT);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn that failed", e);
        }
    }

    private synchronized void giveUp(Turn turn) {
        if (!waiting.remove(turn)) {
            leave();
        }
    }
}
