package sallyport.engine.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Bytes and streams of each port of servers, the ten busiest by name, the others as one (dir-spec `exit-stats-end` and
/// what follows it). Runs on: the instance's loop.
public final class ExitPorts implements Statistic {
    private static final int PORTS = 1 << 16;
    private static final int NAMED_MAX = 10;
    private static final int KIB = 1024;
    private static final int BYTES_ROUNDED_TO = KIB;
    private static final int STREAMS_ROUNDED_TO = 4;

    // Pages of neighbouring ports, made when the first of them is used: nothing is allocated for bytes.
    private static final int PAGE_PORTS = 256;
    private static final int READ = 0;
    private static final int WRITTEN = 1;
    private static final int STREAMS = 2;
    private static final int FIGURES = 3;

    private final long[][] pages = new long[PORTS / PAGE_PORTS][];

    /// A server accepted a connection.
    public void opened(int port) {
        add(port, STREAMS, 1);
    }

    /// Bytes came from a server.
    public void read(int port, int bytes) {
        add(port, READ, bytes);
    }

    /// A server took bytes.
    public void written(int port, int bytes) {
        add(port, WRITTEN, bytes);
    }

    @Override
    public void begin(long nowNanos) {
        Arrays.fill(pages, null);
    }

    @Override
    public List<String> lines(String day, long nowNanos) {
        List<Integer> used = new ArrayList<>();
        for (int port = 1; port < PORTS; port++) {
            if (bytes(port) > 0) {
                used.add(port);
            }
        }
        List<Integer> named = used.stream()
                .sorted(Comparator.comparingLong(this::bytes).reversed().thenComparing(Comparator.naturalOrder()))
                .limit(NAMED_MAX)
                .sorted()
                .toList();
        return List.of(
                "exit-stats-end " + day,
                "exit-kibibytes-written " + list(named, WRITTEN, BYTES_ROUNDED_TO, KIB),
                "exit-kibibytes-read " + list(named, READ, BYTES_ROUNDED_TO, KIB),
                "exit-streams-opened " + list(named, STREAMS, STREAMS_ROUNDED_TO, 1));
    }

    private String list(List<Integer> named, int figure, int roundedTo, int unit) {
        IntToLongFunction of = port -> get(port, figure);
        long others = 0;
        for (int port = 1; port < PORTS; port++) {
            others += of.applyAsLong(port);
        }
        List<String> texts = new ArrayList<>();
        for (int port : named) {
            long number = of.applyAsLong(port);
            others -= number;
            if (number > 0) {
                texts.add(port + "=" + Rounding.up(number, roundedTo) / unit);
            }
        }
        texts.add("other=" + Rounding.up(others, roundedTo) / unit);
        return String.join(",", texts);
    }

    private long bytes(int port) {
        return get(port, READ) + get(port, WRITTEN);
    }

    private long get(int port, int figure) {
        long[] page = pages[port / PAGE_PORTS];
        return page == null ? 0 : page[port % PAGE_PORTS * FIGURES + figure];
    }

    private void add(int port, int figure, long number) {
        long[] page = pages[port / PAGE_PORTS];
        if (page == null) {
            page = new long[PAGE_PORTS * FIGURES];
            pages[port / PAGE_PORTS] = page;
        }
        page[port % PAGE_PORTS * FIGURES + figure] += number;
    }
}
