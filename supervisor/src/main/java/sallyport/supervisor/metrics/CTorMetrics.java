package sallyport.supervisor.metrics;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceReport.Connections;
import sallyport.engine.limits.MemoryKind;
import sallyport.supervisor.metrics.Exposition.MetricType;

/// What C tor's MetricsPort has, under its names and in its order, with its types and labels and `relay`
/// beside them.
final class CTorMetrics {
    // C tor's, in its order.
    private static final List<String> FLAGS =
            List.of("Fast", "Exit", "Authority", "Stable", "HSDir", "Running", "V2Dir", "Sybil", "Guard");

    private final Exposition page;
    private final InstanceReport report;

    private CTorMetrics(Exposition page, InstanceReport report) {
        this.page = page;
        this.report = report;
    }

    static void add(Exposition page, InstanceReport report) {
        CTorMetrics metrics = new CTorMetrics(page, report);
        report.load().ifPresent(metrics::load);
        metrics.flags();
        CTorCounters.add(page, report.status().id(), report.tallies());
        metrics.faults();
    }

    private void load(InstanceReport.Load load) {
        gauge("tor_relay_load_socket_total", "Sockets of links and exit connections", load.fds(), "state", "opened");
        gauge("tor_relay_circuits_total", "Open circuits", load.circuits(), "state", "opened");
        load(load.shares());
        traffic("read", load.bytesRead());
        traffic("written", load.bytesWritten());
        Connections open = load.connections();
        opened("OR", "initiated", "ipv4", open.dialedIpv4());
        opened("OR", "initiated", "ipv6", open.dialedIpv6());
        opened("OR", "received", "ipv4", open.acceptedIpv4());
        opened("OR", "received", "ipv6", open.acceptedIpv6());
        opened("Exit", "initiated", "ipv4", open.exitsIpv4());
        opened("Exit", "initiated", "ipv6", open.exitsIpv6());
    }

    private void load(InstanceReport.Shares shares) {
        long cells = 0;
        for (MemoryKind kind : MemoryKind.values()) {
            boolean ofCells = kind != MemoryKind.DNS && kind != MemoryKind.ONION_DESCRIPTORS;
            cells += ofCells ? shares.freedBytes().getOrDefault(kind, 0L) : 0;
        }
        // C tor's `cell` is whatever circuits and links held, bytes of streams included; of countries we keep nothing.
        freed("cell", cells);
        freed("dns", shares.freedBytes().getOrDefault(MemoryKind.DNS, 0L));
        freed("geoip", 0);
        freed("hsdir", shares.freedBytes().getOrDefault(MemoryKind.ONION_DESCRIPTORS, 0L));
    }

    private void freed(String subsystem, long bytes) {
        page.add(
                "tor_relay_load_oom_bytes_total",
                MetricType.COUNTER,
                "Bytes given back because memory was short",
                bytes,
                labels("subsys", subsystem));
    }

    private void traffic(String direction, long bytes) {
        page.add(
                "tor_relay_traffic_bytes",
                MetricType.COUNTER,
                "Bytes of links and exit connections",
                bytes,
                labels("direction", direction));
    }

    private void opened(String type, String direction, String family, long value) {
        gauge(
                "tor_relay_connections",
                "Open connections",
                value,
                "type",
                type,
                "direction",
                direction,
                "state",
                "opened",
                "family",
                family);
    }

    private void flags() {
        Set<String> flags = report.listing().map(InstanceReport.Listing::flags).orElse(Set.of());
        for (String flag : FLAGS) {
            gauge(
                    "tor_relay_flag",
                    "1 for each flag that the consensus gives the relay",
                    flags.contains(flag) ? 1 : 0,
                    "type",
                    flag);
        }
    }

    private void faults() {
        page.add(
                "tor_bug_reached_count",
                MetricType.COUNTER,
                "Exceptions that only a bug of ours explains",
                report.ownBugs(),
                labels());
        // C tor has it under OfflineMasterKey alone; who watches it wants it of every relay.
        report.signingKeyExpires()
                .ifPresent(end -> gauge(
                        "tor_relay_signing_cert_expiry_timestamp",
                        "When the certificate of the relay's signing key ends",
                        end.getEpochSecond()));
    }

    private void gauge(String name, String help, long value, String... labels) {
        page.add(name, MetricType.GAUGE, help, value, labels(labels));
    }

    private String[] labels(String... labels) {
        return Stream.concat(Stream.of("relay", report.status().id()), Stream.of(labels))
                .toArray(String[]::new);
    }
}
