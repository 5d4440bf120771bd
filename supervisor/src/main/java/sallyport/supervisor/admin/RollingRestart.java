package sallyport.supervisor.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.world.Log;

/// Restarts relays one after the other: the next drains only when the one before works again. The first that does not
/// come back ends it. One at a time for the process; thread-safe.
final class RollingRestart {
    // Ours: keys, an ORPort, a self-test; what takes longer is worth a look.
    private static final Duration READY_MAX = Duration.ofMinutes(5);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    private final Operations operations;
    private final LongSupplier nanos;
    private final Log log;
    private final List<String> done = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private String now = "";
    private String failed = "";

    RollingRestart(Operations operations, LongSupplier nanos, Log log) {
        this.operations = operations;
        this.nanos = nanos;
        this.log = log;
    }

    /// Begins, in a thread of its own; false where it is at work already.
    synchronized boolean begin(List<String> relays, Duration limit) {
        if (!now.isEmpty()) {
            return false;
        }
        done.clear();
        left.clear();
        left.addAll(relays);
        failed = "";
        now = left.removeFirst();
        Thread.ofVirtual().name("restart").start(() -> run(limit));
        return true;
    }

    /// The newest restart as it stands; null before the first.
    synchronized @Nullable Map<String, @Nullable Object> progress() {
        if (now.isEmpty() && done.isEmpty() && failed.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("done", List.copyOf(done));
        object.put("now", now.isEmpty() ? null : now);
        object.put("left", List.copyOf(left));
        object.put("failed", failed.isEmpty() ? null : failed);
        return object;
    }

    private void run(Duration limit) {
        try {
            String relay = current();
            while (!relay.isEmpty()) {
                log.info(relay, "restarts, asked by the operator");
                String why = restart(relay, limit);
                if (!why.isEmpty()) {
                    log.error(relay, "the restart ends here: it " + why);
                }
                relay = next(why);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Why it did not work; empty: it did.
    private String restart(String relay, Duration limit) throws InterruptedException {
        try {
            InstanceReport before = report(relay);
            operations.restart(relay, limit);
            long begin = nanos.getAsLong();
            while (nanos.getAsLong() - begin < limit.plus(READY_MAX).toNanos()) {
                InstanceReport report = report(relay);
                InstanceState state = report.status().state();
                boolean again = !report.started().equals(before.started());
                if (again && state.isOver()) {
                    return "is " + state.word();
                }
                if (again && isAsBefore(state, before.status().state())) {
                    return "";
                }
                Thread.sleep(LOOK_INTERVAL);
            }
            return "is not ready within " + limit.plus(READY_MAX).toSeconds() + " s";
        } catch (IllegalArgumentException e) {
            return "is no longer there";
        }
    }

    /// Who was not published has come as far as it can when it listens.
    private static boolean isAsBefore(InstanceState state, InstanceState before) {
        return switch (state) {
            case InstanceState.Published _, InstanceState.Hibernating _ -> true;
            case InstanceState.Bootstrapping _, InstanceState.SelfTesting _ ->
                !(before instanceof InstanceState.Published);
            default -> false;
        };
    }

    private InstanceReport report(String relay) throws InterruptedException {
        return operations.relays().stream()
                .filter(report -> report.status().id().equals(relay))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no relay " + relay));
    }

    private synchronized String current() {
        return now;
    }

    private synchronized String next(String why) {
        if (why.isEmpty()) {
            done.add(now);
        } else {
            failed = now + " " + why;
            left.clear();
        }
        now = left.isEmpty() ? "" : left.removeFirst();
        return now;
    }
}
