package sallyport.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sallyport.lab.control.DrivenCircuit;

/// One circuit while it is in use: for a number of exchanges, several at a time, then it is closed.
final class Lane {
    private final DrivenCircuit circuit;
    private final long begunNanos;
    private final AtomicInteger closedStreams = new AtomicInteger();
    private int usesLeft;
    private int users;
    private boolean retired;
    private volatile boolean cut;

    /// @param begunNanos before the first of its cells was sent
    Lane(DrivenCircuit circuit, long begunNanos, int uses) {
        this.circuit = circuit;
        this.begunNanos = begunNanos;
        this.usesLeft = uses;
    }

    DrivenCircuit circuit() {
        return circuit;
    }

    List<String> path() {
        return circuit.path();
    }

    long begunNanos() {
        return begunNanos;
    }

    /// @return whether there will be another use after this one
    synchronized boolean enter() {
        users++;
        retired |= --usesLeft <= 0;
        return !retired;
    }

    void leave() {
        boolean close;
        synchronized (this) {
            users--;
            close = retired && users == 0;
        }
        if (close) {
            circuit.close();
        }
    }

    /// No further use begins; the circuit is closed after the last one.
    void retire() {
        boolean close;
        synchronized (this) {
            close = !retired && users == 0;
            retired = true;
        }
        if (close) {
            circuit.close();
        }
    }

    /// The circuit is about to be closed under its users.
    void cut() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    /// Whether the client itself closed the circuit because nobody used it at the moment, as C tor does.
    boolean wasUnused() throws InterruptedException {
        try {
            String event = circuit.awaitClosed(Duration.ZERO);
            return event.contains(" REASON=FINISHED") && !event.contains("REMOTE_REASON");
        } catch (IOException stillStands) {
            return false;
        }
    }

    /// What became of it, for a complaint: why it was closed, and how its last streams ended.
    String fate() throws InterruptedException {
        List<String> words = new ArrayList<>();
        try {
            words.add(circuit.awaitClosed(Duration.ZERO));
        } catch (IOException stillStands) {
            words.add("stands");
        }
        try {
            while (true) {
                words.add(circuit.awaitStreamEnd(Duration.ZERO).toString());
            }
        } catch (IOException noMore) {
            words.removeIf(word -> word.contains("remoteReason=DONE"));
        }
        return String.join("; ", words.subList(Math.max(0, words.size() - 5), words.size()));
    }

    /// One of its streams is about to be closed.
    void streamIsClosed() {
        closedStreams.incrementAndGet();
    }

    /// It was not there any more.
    void streamWasNotClosed() {
        closedStreams.decrementAndGet();
    }

    /// Whether a stream was closed that no other failure was explained by.
    boolean explainsByClosedStream() {
        return closedStreams.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public String toString() {
        return "circuit " + circuit.id() + (cut ? " (cut)" : "");
    }
}
