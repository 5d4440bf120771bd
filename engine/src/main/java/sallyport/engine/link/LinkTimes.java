package sallyport.engine.link;

import java.util.concurrent.TimeUnit;

/// When things last happened to a link, all in ticker nanoseconds. The past is what counts: nothing here schedules.
final class LinkTimes {
    // C tor's CLIENT_IDLE_TIME_FOR_PRIORITY.
    static final long OWN_USE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long createdNanos;
    private long lastReadNanos;
    private long lastWriteNanos;
    private long lastReadyNanos;
    private long lastCircuitNanos;
    private boolean usedByUs;
    private long lastOwnUseNanos;

    LinkTimes(long createdNanos) {
        this.createdNanos = createdNanos;
        lastReadNanos = createdNanos;
        lastWriteNanos = createdNanos;
        lastReadyNanos = createdNanos;
        lastCircuitNanos = createdNanos;
    }

    /// Bytes of the peer came.
    void onRead(long nowNanos) {
        lastReadNanos = nowNanos;
    }

    /// The socket took bytes.
    /// @param all whether it took everything
    void onWritten(long nowNanos, boolean all) {
        lastWriteNanos = nowNanos;
        if (all) {
            onReady(nowNanos);
        }
    }

    /// The socket has room again.
    void onReady(long nowNanos) {
        lastReadyNanos = nowNanos;
    }

    /// The link has a circuit, or may have one from now on.
    void onCircuit(long nowNanos) {
        lastCircuitNanos = nowNanos;
    }

    /// A circuit that we opened ourselves sent or got a cell.
    void onOwnUse(long nowNanos) {
        usedByUs = true;
        lastOwnUseNanos = nowNanos;
    }

    /// Whether what it carries is somebody else's.
    boolean isRelaying(long nowNanos) {
        return !usedByUs || nowNanos - lastOwnUseNanos > OWN_USE_NANOS;
    }

    long createdNanos() {
        return createdNanos;
    }

    long lastWriteNanos() {
        return lastWriteNanos;
    }

    /// When bytes last went either way.
    long lastActiveNanos() {
        return lastReadNanos - lastWriteNanos > 0 ? lastReadNanos : lastWriteNanos;
    }

    /// When the socket last took everything that was offered.
    long lastReadyNanos() {
        return lastReadyNanos;
    }

    long lastCircuitNanos() {
        return lastCircuitNanos;
    }
}
