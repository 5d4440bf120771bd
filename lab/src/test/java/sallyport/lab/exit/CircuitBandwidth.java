package sallyport.lab.exit;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import sallyport.lab.control.ControlClient;

/// What a C tor client says of its circuits' cells once a second (control-spec "CIRC_BW"), summed up. Bytes of data per
/// cell tell the formats of relay cells apart: a full one holds 498 bytes with tor1 and 488 with counter galois onion.
final class CircuitBandwidth implements AutoCloseable {
    /// Bytes that C tor counts for a relay cell.
    private static final long CELL_BYTES = 509;
    private static final long REPORTED_MILLIS = 3_000;

    private final ControlClient control;
    private final Map<String, Sum> sums = new HashMap<>();

    /// Cells and the bytes of relay messages in them; only what the client took for valid counts as a message.
    record Sum(long readCells, long readBytes, long writtenCells, long writtenBytes) {
        static final Sum NOTHING = new Sum(0, 0, 0, 0);

        double readBytesPerCell() {
            return (double) readBytes / readCells;
        }

        double writtenBytesPerCell() {
            return (double) writtenBytes / writtenCells;
        }

        private Sum with(String event) {
            return new Sum(
                    readCells + number(event, "READ") / CELL_BYTES,
                    readBytes + number(event, "DELIVERED_READ"),
                    writtenCells + number(event, "WRITTEN") / CELL_BYTES,
                    writtenBytes + number(event, "DELIVERED_WRITTEN"));
        }
    }

    /// Owns `control`.
    CircuitBandwidth(ControlClient control) throws IOException, InterruptedException {
        this.control = control;
        control.listen(event -> {
            if (event.startsWith("CIRC_BW ")) {
                synchronized (sums) {
                    sums.merge(word(event, "ID"), Sum.NOTHING.with(event), (all, _) -> all.with(event));
                }
            }
        });
        control.setEvents("CIRC_BW");
    }

    /// What one circuit carried since the last call. Waits until the client has told.
    Sum take(String circuit) throws InterruptedException {
        Thread.sleep(REPORTED_MILLIS);
        synchronized (sums) {
            Sum sum = sums.remove(circuit);
            return sum == null ? Sum.NOTHING : sum;
        }
    }

    @Override
    public void close() {
        control.close();
    }

    private static long number(String event, String key) {
        return Long.parseLong(word(event, key));
    }

    private static String word(String event, String key) {
        for (String word : event.split(" ", -1)) {
            if (word.startsWith(key + "=")) {
                return word.substring(key.length() + 1);
            }
        }
        throw new IllegalArgumentException(key + " in " + event);
    }
}
