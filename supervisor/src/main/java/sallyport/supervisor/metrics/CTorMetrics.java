package sallyport.supervisor.metrics;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.engine.accounting.Tally;
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
        metrics.circuits();
        metrics.connections();
        metrics.streams();
        metrics.defences();
        metrics.onionServices();
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

    private void circuits() {
        skins("fast", "processed", Tally.SKIN_FAST);
        skins("ntor", "processed", Tally.SKIN_NTOR);
        skins("ntor", "dropped", Tally.SKIN_NTOR_DROPPED);
        skins("ntor_v3", "processed", Tally.SKIN_NTOR_V3);
        skins("ntor_v3", "dropped", Tally.SKIN_NTOR_V3_DROPPED);
        counter("tor_relay_destroy_cell_total", "DESTROY cells of peers", Tally.DESTROY_RECEIVED);
        counter("tor_relay_drop_cell_total", "DROP messages", Tally.DROP_RECEIVED);
        counter(
                "tor_relay_circ_proto_violation_total",
                "Circuits closed because a peer broke the protocol",
                Tally.CIRCUIT_VIOLATION);
        signals("xoff_num_sent", Tally.XOFF_SENT);
        signals("xon_num_sent", Tally.XON_SENT);
    }

    private void skins(String type, String action, Tally tally) {
        counter(
                "tor_relay_load_onionskins_total",
                "Onion skins that were computed, and that were given up",
                tally,
                "type",
                type,
                "action",
                action);
    }

    private void signals(String action, Tally tally) {
        counter(
                "tor_relay_congestion_control_total",
                "XOFF and XON that were sent",
                tally,
                "state",
                "flow_control",
                "action",
                action);
    }

    private void connections() {
        made("OR", "initiated", "created", "ipv4", Tally.LINK_DIALED_IPV4);
        made("OR", "initiated", "created", "ipv6", Tally.LINK_DIALED_IPV6);
        made("OR", "received", "created", "ipv4", Tally.LINK_ACCEPTED_IPV4);
        made("OR", "received", "created", "ipv6", Tally.LINK_ACCEPTED_IPV6);
        made("OR", "received", "rejected", "ipv4", Tally.LINK_REJECTED_IPV4);
        made("OR", "received", "rejected", "ipv6", Tally.LINK_REJECTED_IPV6);
        made("Exit", "initiated", "created", "ipv4", Tally.EXIT_DIALED_IPV4);
        made("Exit", "initiated", "created", "ipv6", Tally.EXIT_DIALED_IPV6);
    }

    private void made(String type, String direction, String state, String family, Tally tally) {
        counter(
                "tor_relay_connections_total",
                "Connections that were made, and that were refused",
                tally,
                "type",
                type,
                "direction",
                direction,
                "state",
                state,
                "family",
                family);
    }

    private void streams() {
        asked("BEGIN", Tally.STREAM_BEGIN);
        asked("BEGIN_DIR", Tally.STREAM_BEGIN_DIR);
        asked("RESOLVE", Tally.STREAM_RESOLVE);
        counter("tor_relay_exit_dns_query_total", "Questions to name servers", Tally.DNS_QUERY);
        answered("success", Tally.DNS_SUCCESS);
        answered("format", Tally.DNS_FORMAT);
        answered("serverfailed", Tally.DNS_SERVER_FAILED);
        answered("notexist", Tally.DNS_NOT_EXIST);
        answered("notimpl", Tally.DNS_NOT_IMPLEMENTED);
        answered("refused", Tally.DNS_REFUSED);
        answered("truncated", Tally.DNS_TRUNCATED);
        answered("unknown", Tally.DNS_UNKNOWN);
        answered("tor_timeout", Tally.DNS_TIMEOUT);
        answered("nodata", Tally.DNS_NO_DATA);
        limited("read", Tally.READ_LIMIT_REACHED);
        limited("write", Tally.WRITE_LIMIT_REACHED);
        counter(
                "tor_relay_load_tcp_exhaustion_total",
                "Connections that the system had no local port for",
                Tally.PORT_MISSING);
    }

    private void limited(String side, Tally tally) {
        counter(
                "tor_relay_load_global_rate_limit_reached_total",
                "How often the limit of all bandwidth held traffic up",
                tally,
                "side",
                side);
    }

    private void asked(String type, Tally tally) {
        counter("tor_relay_streams_total", "What clients asked for, by the message", tally, "type", type);
    }

    private void answered(String reason, Tally tally) {
        counter(
                "tor_relay_exit_dns_error_total",
                "Answers of name servers by what they say, good ones included",
                tally,
                "reason",
                reason);
    }

    private void defences() {
        refused("circuit_rejected", Tally.DOS_CIRCUIT_REJECTED);
        refused("circuit_killed_max_cell", Tally.QUEUE_FULL);
        refused("circuit_killed_max_cell_outq", Tally.OUT_QUEUE_FULL);
        refused("marked_address", Tally.DOS_ADDRESS_MARKED);
        refused("marked_address_maxq", Tally.DOS_ADDRESS_MARKED_FOR_QUEUES);
        refused("conn_rejected", Tally.DOS_CONNECTION_REJECTED);
        refused("concurrent_conn_rejected", Tally.DOS_CONCURRENT_CONNECTION_REJECTED);
        refused("single_hop_refused", Tally.ESTABLISH_RENDEZVOUS_SINGLE_HOP);
        refused("introduce2_rejected", Tally.INTRODUCE1_RATE_LIMITED);
        refused("stream_rejected", Tally.DOS_STREAM_REJECTED);
    }

    private void refused(String type, Tally tally) {
        counter("tor_relay_dos_total", "What was refused to those who ask too much", tally, "type", type);
    }

    private void onionServices() {
        String establishIntro = "tor_relay_est_intro_total";
        acted(establishIntro, "success", Tally.ESTABLISH_INTRO_SUCCESS);
        acted(establishIntro, "malformed", Tally.ESTABLISH_INTRO_MALFORMED);
        acted(establishIntro, "unsuitable_circuit", Tally.ESTABLISH_INTRO_UNSUITABLE);
        String establishRendezvous = "tor_relay_est_rend_total";
        acted(establishRendezvous, "success", Tally.ESTABLISH_RENDEZVOUS_SUCCESS);
        acted(establishRendezvous, "unsuitable_circuit", Tally.ESTABLISH_RENDEZVOUS_UNSUITABLE);
        acted(establishRendezvous, "single_hop", Tally.ESTABLISH_RENDEZVOUS_SINGLE_HOP);
        acted(establishRendezvous, "malformed", Tally.ESTABLISH_RENDEZVOUS_MALFORMED);
        acted(establishRendezvous, "duplicate_cookie", Tally.ESTABLISH_RENDEZVOUS_DUPLICATE);
        String introduce = "tor_relay_intro1_total";
        acted(introduce, "success", Tally.INTRODUCE1_SUCCESS);
        acted(introduce, "malformed", Tally.INTRODUCE1_MALFORMED);
        acted(introduce, "unknown_service", Tally.INTRODUCE1_UNKNOWN_SERVICE);
        acted(introduce, "rate_limited", Tally.INTRODUCE1_RATE_LIMITED);
        acted(introduce, "circuit_reused", Tally.INTRODUCE1_REUSED);
        acted(introduce, "single_hop", Tally.INTRODUCE1_SINGLE_HOP);
        String rendezvous = "tor_relay_rend1_total";
        acted(rendezvous, "success", Tally.RENDEZVOUS1_SUCCESS);
        acted(rendezvous, "unsuitable_circuit", Tally.RENDEZVOUS1_UNSUITABLE);
        acted(rendezvous, "malformed", Tally.RENDEZVOUS1_MALFORMED);
        acted(rendezvous, "unknown_cookie", Tally.RENDEZVOUS1_UNKNOWN_COOKIE);
    }

    private void acted(String name, String action, Tally tally) {
        counter(name, "Messages for onion services, by what became of them", tally, "action", action);
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

    private void counter(String name, String help, Tally tally, String... labels) {
        page.add(name, MetricType.COUNTER, help, report.tallies().getOrDefault(tally, 0L), labels(labels));
    }

    private String[] labels(String... labels) {
        return Stream.concat(Stream.of("relay", report.status().id()), Stream.of(labels))
                .toArray(String[]::new);
    }
}
