package sallyport.supervisor.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import sallyport.engine.accounting.Tally;
import sallyport.engine.host.HostReport;
import sallyport.engine.instance.InstanceReport;
import sallyport.supervisor.metrics.Exposition.MetricType;

/// All that is exposed: `docs/metrics.md`. Sums of whole relays, never anything about clients or
/// destinations.
final class RelayMetrics {
    // C tor's, in its order.
    private static final List<String> FLAGS =
            List.of("Fast", "Exit", "Authority", "Stable", "HSDir", "Running", "V2Dir", "Sybil", "Guard");
    private static final List<String> BAD_FLAGS = List.of("BadExit", "MiddleOnly", "Sybil");

    private RelayMetrics() {}

    /// The whole page.
    static String page(String version, HostReport host, List<InstanceReport> relays) {
        Exposition page = new Exposition();
        process(page, version, host);
        for (InstanceReport relay : relays) {
            asCTor(page, relay);
            ours(page, relay);
        }
        return page.toString();
    }

    private static void process(Exposition page, String version, HostReport host) {
        page.add("sallyport_build_info", MetricType.GAUGE, "The running version", 1, "version", version)
                .add(
                        "sallyport_memory_limit_bytes",
                        MetricType.GAUGE,
                        "What all relays together may hold in queues and caches",
                        host.memoryBytesMax())
                .add(
                        "sallyport_sockets_limit",
                        MetricType.GAUGE,
                        "Sockets that links and exit connections of all relays may have",
                        host.fdsMax())
                .add(
                        "sallyport_circuits_limit",
                        MetricType.GAUGE,
                        "Circuits that all relays may have",
                        host.circuitsMax())
                .add("sallyport_event_loops", MetricType.GAUGE, "Event loops that the relays share", host.loops());
        host.consensusValidUntil()
                .ifPresent(until -> page.add(
                        "sallyport_consensus_valid_until_timestamp_seconds",
                        MetricType.GAUGE,
                        "When the newest verified consensus ends",
                        until.getEpochSecond()));
    }

    /// Names, labels and types are those of C tor's MetricsPort.
    private static void asCTor(Exposition page, InstanceReport report) {
        String relay = report.status().id();
        report.load().ifPresent(load -> {
            page.add(
                            "tor_relay_load_socket_total",
                            MetricType.GAUGE,
                            "Sockets of links and exit connections",
                            load.fds(),
                            "relay",
                            relay,
                            "state",
                            "opened")
                    .add(
                            "tor_relay_circuits_total",
                            MetricType.GAUGE,
                            "Open circuits",
                            load.circuits(),
                            "relay",
                            relay,
                            "state",
                            "opened");
            traffic(page, relay, "read", load.bytesRead());
            traffic(page, relay, "written", load.bytesWritten());
        });
        Set<String> flags = report.listing().map(InstanceReport.Listing::flags).orElse(Set.of());
        for (String flag : FLAGS) {
            page.add(
                    "tor_relay_flag",
                    MetricType.GAUGE,
                    "1 for each flag that the consensus gives the relay",
                    flags.contains(flag) ? 1 : 0,
                    "relay",
                    relay,
                    "type",
                    flag);
        }
        streams(page, report, "BEGIN", Tally.STREAM_BEGIN);
        streams(page, report, "BEGIN_DIR", Tally.STREAM_BEGIN_DIR);
        streams(page, report, "RESOLVE", Tally.STREAM_RESOLVE);
        skins(page, report, "fast", "processed", Tally.SKIN_FAST);
        skins(page, report, "ntor", "processed", Tally.SKIN_NTOR);
        skins(page, report, "ntor", "dropped", Tally.SKIN_NTOR_DROPPED);
        skins(page, report, "ntor_v3", "processed", Tally.SKIN_NTOR_V3);
        skins(page, report, "ntor_v3", "dropped", Tally.SKIN_NTOR_V3_DROPPED);
        dns(page, report, "success", Tally.DNS_SUCCESS);
        dns(page, report, "notexist", Tally.DNS_NOT_EXIST);
        counter(page, report, "tor_relay_exit_dns_query_total", "Questions to name servers", Tally.DNS_QUERY);
        counter(
                page,
                report,
                "tor_relay_load_tcp_exhaustion_total",
                "Connections that the system had no local port for",
                Tally.PORT_MISSING);
        counter(page, report, "tor_relay_destroy_cell_total", "DESTROY cells of peers", Tally.DESTROY_RECEIVED);
        counter(
                page,
                report,
                "tor_relay_circ_proto_violation_total",
                "Circuits closed because a peer broke the protocol",
                Tally.CIRCUIT_VIOLATION);
        page.add(
                "tor_bug_reached_count",
                MetricType.COUNTER,
                "Exceptions that only a bug of ours explains",
                report.ownBugs(),
                "relay",
                relay);
        // C tor has it under OfflineMasterKey alone; who watches it wants it of every relay.
        report.signingKeyExpires()
                .ifPresent(end -> gauge(
                        page,
                        report,
                        "tor_relay_signing_cert_expiry_timestamp",
                        "When the certificate of the relay's signing key ends",
                        end.getEpochSecond()));
    }

    private static void traffic(Exposition page, String relay, String direction, long bytes) {
        page.add(
                "tor_relay_traffic_bytes",
                MetricType.COUNTER,
                "Bytes of links and exit connections",
                bytes,
                "relay",
                relay,
                "direction",
                direction);
    }

    private static void streams(Exposition page, InstanceReport report, String type, Tally tally) {
        page.add(
                "tor_relay_streams_total",
                MetricType.COUNTER,
                "What clients asked for, by the message",
                count(report, tally),
                "relay",
                report.status().id(),
                "type",
                type);
    }

    private static void skins(Exposition page, InstanceReport report, String type, String action, Tally tally) {
        page.add(
                "tor_relay_load_onionskins_total",
                MetricType.COUNTER,
                "Onion skins that were computed, and that were given up",
                count(report, tally),
                "relay",
                report.status().id(),
                "type",
                type,
                "action",
                action);
    }

    private static void dns(Exposition page, InstanceReport report, String reason, Tally tally) {
        page.add(
                "tor_relay_exit_dns_error_total",
                MetricType.COUNTER,
                "Answers of name servers by what they say, good ones included",
                count(report, tally),
                "relay",
                report.status().id(),
                "reason",
                reason);
    }

    private static void ours(Exposition page, InstanceReport report) {
        String relay = report.status().id();
        page.add(
                "sallyport_relay_state",
                MetricType.GAUGE,
                "1 for the state that the relay is in",
                1,
                "relay",
                relay,
                "state",
                report.status().state().word());
        gauge(
                page,
                report,
                "sallyport_relay_start_timestamp_seconds",
                "When this run of the relay began",
                report.started().getEpochSecond());
        report.signingKeyExpires()
                .ifPresent(end -> gauge(
                        page,
                        report,
                        "sallyport_relay_signing_key_expiry_timestamp_seconds",
                        "When the certificate of the relay's signing key ends",
                        end.getEpochSecond()));
        gauge(
                page,
                report,
                "sallyport_relay_authorities_accepted",
                "Authorities that hold the relay's newest descriptor",
                report.publishing().accepted());
        gauge(
                page,
                report,
                "sallyport_relay_overloaded",
                "1 if the relay says in its descriptor that it was overloaded",
                report.overloaded().isPresent() ? 1 : 0);
        report.listing().ifPresent(listing -> {
            gauge(page, report, "sallyport_relay_listed", "1 if the consensus lists it", listing.isListed() ? 1 : 0);
            gauge(page, report, "sallyport_relay_consensus_weight", "Its weight in the consensus", listing.weightKb());
            for (String flag : BAD_FLAGS) {
                page.add(
                        "sallyport_relay_bad_flag",
                        MetricType.GAUGE,
                        "1 if the consensus warns of it so",
                        listing.flags().contains(flag) ? 1 : 0,
                        "relay",
                        relay,
                        "kind",
                        flag);
            }
        });
        report.load().ifPresent(load -> {
            gauge(page, report, "sallyport_relay_links", "Links, those included that are being made", load.links());
            gauge(page, report, "sallyport_relay_streams", "Open streams, lookups included", load.streams());
            gauge(page, report, "sallyport_relay_exit_connections", "Connections to servers", load.exitConnections());
            load.memoryBytes()
                    .forEach((kind, bytes) -> page.add(
                            "sallyport_relay_memory_bytes",
                            MetricType.GAUGE,
                            "Bytes that the relay holds in queues and caches",
                            bytes,
                            "relay",
                            relay,
                            "kind",
                            kind.name().toLowerCase(Locale.ROOT)));
        });
        counter(
                page,
                report,
                "sallyport_relay_dns_failures_total",
                "Questions without an answer, timeouts included",
                Tally.DNS_FAILED);
        page.add(
                "sallyport_relay_own_bugs_total",
                MetricType.COUNTER,
                "Exceptions that only a bug of ours explains",
                report.ownBugs(),
                "relay",
                relay);
        page.add(
                "sallyport_relay_peer_faults_total",
                MetricType.COUNTER,
                "What peers did wrong",
                report.status().faults().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        - report.ownBugs(),
                "relay",
                relay);
    }

    private static void gauge(Exposition page, InstanceReport report, String name, String help, long value) {
        page.add(name, MetricType.GAUGE, help, value, "relay", report.status().id());
    }

    private static void counter(Exposition page, InstanceReport report, String name, String help, Tally tally) {
        page.add(
                name,
                MetricType.COUNTER,
                help,
                count(report, tally),
                "relay",
                report.status().id());
    }

    private static long count(InstanceReport report, Tally tally) {
        return report.tallies().getOrDefault(tally, 0L);
    }
}
