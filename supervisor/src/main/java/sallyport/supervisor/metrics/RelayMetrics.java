package sallyport.supervisor.metrics;

import java.util.List;
import java.util.Locale;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.instance.InstanceReport;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.metrics.Exposition.MetricType;

/// All that is exposed: `docs/metrics.md`. Sums of whole relays, never anything about clients or
/// destinations.
final class RelayMetrics {
    private static final List<String> BAD_FLAGS = List.of("BadExit", "MiddleOnly", "Sybil");

    private RelayMetrics() {}

    /// The whole page.
    static String page(
            String version, HostReport host, List<LoopReport> loops, DiskUse disk, List<InstanceReport> relays) {
        Exposition page = new Exposition();
        process(page, version, host);
        ShareMetrics.add(page, host, loops);
        ShareMetrics.add(page, host, disk);
        for (InstanceReport relay : relays) {
            CTorMetrics.add(page, relay);
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
            ShareMetrics.add(page, relay, load.shares());
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
}
