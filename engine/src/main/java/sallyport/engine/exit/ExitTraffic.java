package sallyport.engine.exit;

import io.netty.util.concurrent.Ticker;
import sallyport.engine.accounting.ExitPorts;
import sallyport.engine.accounting.RelayStatistics;

/// Counts what one connection to a server carries. Runs on: the connection's loop.
final class ExitTraffic {
    private final RelayStatistics statistics;
    private final Ticker ticker;
    private final boolean ipv6;
    private final int port;

    ExitTraffic(RelayStatistics statistics, Ticker ticker, boolean ipv6, int port) {
        this.statistics = statistics;
        this.ticker = ticker;
        this.ipv6 = ipv6;
        this.port = port;
    }

    /// The server accepted.
    void opened() {
        ExitPorts ports = statistics.exitPorts();
        if (ports != null) {
            ports.opened(port);
        }
    }

    void read(int bytes) {
        statistics.bandwidth().read(bytes, ipv6, ticker.nanoTime());
        ExitPorts ports = statistics.exitPorts();
        if (ports != null) {
            ports.read(port, bytes);
        }
    }

    void written(int bytes) {
        statistics.bandwidth().written(bytes, ipv6, ticker.nanoTime());
        ExitPorts ports = statistics.exitPorts();
        if (ports != null) {
            ports.written(port, bytes);
        }
    }
}
