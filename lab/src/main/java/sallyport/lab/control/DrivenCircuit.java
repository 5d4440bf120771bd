package sallyport.lab.control;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.lab.traffic.SocksFetch;

/// One circuit of a [CircuitDriver], along a path that we chose.
public final class DrivenCircuit implements AutoCloseable {
    /// What stands between token and hop, as ATTACHSTREAM wants it.
    static final String HOP = " HOP=";

    private final CircuitDriver driver;
    private final String id;
    private final String token;
    private final List<String> path;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();
    private volatile String lastEvent = "";

    DrivenCircuit(CircuitDriver driver, String id, String token, List<String> path) {
        this.driver = driver;
        this.id = id;
        this.token = token;
        this.path = path;
    }

    /// A client whose streams all travel on this circuit.
    public SocksFetch fetch() {
        return new SocksFetch(driver.socksPort()).as(token);
    }

    /// The same, but they leave the circuit before its end. C tor forbids it at the first hop.
    ///
    /// @param hop from 2 on
    public SocksFetch fetchAt(int hop) {
        return new SocksFetch(driver.socksPort()).as(token + HOP + hop);
    }

    /// C tor's number for it.
    public String id() {
        return id;
    }

    /// The SOCKS user name that brings a stream onto this circuit, for other programs (`curl --proxy-user TOKEN:x`).
    public String token() {
        return token;
    }

    /// Fingerprints, first hop first.
    public List<String> path() {
        return path;
    }

    /// The next of the ends that streams of this circuit came to, in order, those of good fetches included.
    public StreamEnd awaitStreamEnd(Duration timeout) throws IOException, InterruptedException {
        @Nullable StreamEnd end = ends.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (end == null) {
            throw new IOException("no stream of " + token + " ended within " + timeout.toSeconds() + " s");
        }
        return end;
    }

    /// Waits until C tor says that the circuit is closed, and returns that event with its REASON and REMOTE_REASON.
    public String awaitClosed(Duration timeout) throws IOException, InterruptedException {
        if (!gone.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("circuit " + id + " still stands: " + lastEvent);
        }
        return lastEvent;
    }

    /// Tears the circuit down, and with it every stream on it.
    @Override
    public void close() {
        driver.closed(this);
    }

    void awaitBuilt(Duration timeout) throws IOException, InterruptedException {
        if (!settled.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    "circuit " + id + " was not built within " + timeout.toSeconds() + " s: " + lastEvent);
        }
        if (!ControlClient.word(lastEvent, 2).equals("BUILT")) {
            throw new IOException("circuit " + id + " could not be built: " + lastEvent);
        }
    }

    void onEvent(String event) {
        lastEvent = event;
        switch (ControlClient.word(event, 2)) {
            case "BUILT" -> settled.countDown();
            case "FAILED", "CLOSED" -> {
                settled.countDown();
                gone.countDown();
            }
            default -> {
                // LAUNCHED, EXTENDED, GUARD_WAIT: on its way.
            }
        }
    }

    void onStreamEnd(StreamEnd end) {
        ends.add(end);
    }
}
