package sallyport.supervisor.metrics;

import static sallyport.engine.accounting.Tally.CIRCUIT_VIOLATION;
import static sallyport.engine.accounting.Tally.DESTROY_RECEIVED;
import static sallyport.engine.accounting.Tally.DNS_FORMAT;
import static sallyport.engine.accounting.Tally.DNS_NOT_EXIST;
import static sallyport.engine.accounting.Tally.DNS_NOT_IMPLEMENTED;
import static sallyport.engine.accounting.Tally.DNS_NO_DATA;
import static sallyport.engine.accounting.Tally.DNS_QUERY;
import static sallyport.engine.accounting.Tally.DNS_REFUSED;
import static sallyport.engine.accounting.Tally.DNS_SERVER_FAILED;
import static sallyport.engine.accounting.Tally.DNS_SUCCESS;
import static sallyport.engine.accounting.Tally.DNS_TIMEOUT;
import static sallyport.engine.accounting.Tally.DNS_TRUNCATED;
import static sallyport.engine.accounting.Tally.DNS_UNKNOWN;
import static sallyport.engine.accounting.Tally.DOS_ADDRESS_MARKED;
import static sallyport.engine.accounting.Tally.DOS_ADDRESS_MARKED_FOR_QUEUES;
import static sallyport.engine.accounting.Tally.DOS_CIRCUIT_REJECTED;
import static sallyport.engine.accounting.Tally.DOS_CONCURRENT_CONNECTION_REJECTED;
import static sallyport.engine.accounting.Tally.DOS_CONNECTION_REJECTED;
import static sallyport.engine.accounting.Tally.DOS_STREAM_REJECTED;
import static sallyport.engine.accounting.Tally.DROP_RECEIVED;
import static sallyport.engine.accounting.Tally.ESTABLISH_INTRO_MALFORMED;
import static sallyport.engine.accounting.Tally.ESTABLISH_INTRO_SUCCESS;
import static sallyport.engine.accounting.Tally.ESTABLISH_INTRO_UNSUITABLE;
import static sallyport.engine.accounting.Tally.ESTABLISH_RENDEZVOUS_DUPLICATE;
import static sallyport.engine.accounting.Tally.ESTABLISH_RENDEZVOUS_MALFORMED;
import static sallyport.engine.accounting.Tally.ESTABLISH_RENDEZVOUS_SINGLE_HOP;
import static sallyport.engine.accounting.Tally.ESTABLISH_RENDEZVOUS_SUCCESS;
import static sallyport.engine.accounting.Tally.ESTABLISH_RENDEZVOUS_UNSUITABLE;
import static sallyport.engine.accounting.Tally.EXIT_DIALED_IPV4;
import static sallyport.engine.accounting.Tally.EXIT_DIALED_IPV6;
import static sallyport.engine.accounting.Tally.INTRODUCE1_MALFORMED;
import static sallyport.engine.accounting.Tally.INTRODUCE1_RATE_LIMITED;
import static sallyport.engine.accounting.Tally.INTRODUCE1_REUSED;
import static sallyport.engine.accounting.Tally.INTRODUCE1_SINGLE_HOP;
import static sallyport.engine.accounting.Tally.INTRODUCE1_SUCCESS;
import static sallyport.engine.accounting.Tally.INTRODUCE1_UNKNOWN_SERVICE;
import static sallyport.engine.accounting.Tally.LINK_ACCEPTED_IPV4;
import static sallyport.engine.accounting.Tally.LINK_ACCEPTED_IPV6;
import static sallyport.engine.accounting.Tally.LINK_DIALED_IPV4;
import static sallyport.engine.accounting.Tally.LINK_DIALED_IPV6;
import static sallyport.engine.accounting.Tally.LINK_REJECTED_IPV4;
import static sallyport.engine.accounting.Tally.LINK_REJECTED_IPV6;
import static sallyport.engine.accounting.Tally.OUT_QUEUE_FULL;
import static sallyport.engine.accounting.Tally.PORT_MISSING;
import static sallyport.engine.accounting.Tally.QUEUE_FULL;
import static sallyport.engine.accounting.Tally.READ_LIMIT_REACHED;
import static sallyport.engine.accounting.Tally.RENDEZVOUS1_MALFORMED;
import static sallyport.engine.accounting.Tally.RENDEZVOUS1_SUCCESS;
import static sallyport.engine.accounting.Tally.RENDEZVOUS1_UNKNOWN_COOKIE;
import static sallyport.engine.accounting.Tally.RENDEZVOUS1_UNSUITABLE;
import static sallyport.engine.accounting.Tally.SKIN_FAST;
import static sallyport.engine.accounting.Tally.SKIN_NTOR;
import static sallyport.engine.accounting.Tally.SKIN_NTOR_DROPPED;
import static sallyport.engine.accounting.Tally.SKIN_NTOR_V3;
import static sallyport.engine.accounting.Tally.SKIN_NTOR_V3_DROPPED;
import static sallyport.engine.accounting.Tally.STREAM_BEGIN;
import static sallyport.engine.accounting.Tally.STREAM_BEGIN_DIR;
import static sallyport.engine.accounting.Tally.STREAM_RESOLVE;
import static sallyport.engine.accounting.Tally.WRITE_LIMIT_REACHED;
import static sallyport.engine.accounting.Tally.XOFF_SENT;
import static sallyport.engine.accounting.Tally.XON_SENT;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sallyport.engine.accounting.Tally;
import sallyport.supervisor.metrics.Exposition.MetricType;

/// What C tor's MetricsPort counts of a relay from its start on, as a table: under C tor's names, in its order, with
/// its
/// labels. What each counts is its [Tally].
final class CTorCounters {
    /// One sample.
    ///
    /// @param values of the labels, in their order
    private record Row(Tally tally, List<String> values) {}

    private record Family(String name, String help, List<String> labels, List<Row> rows) {}

    private static final String OF_SERVICES = "Messages for onion services, by what became of them";

    private static final List<Family> FAMILIES = List.of(
            family(
                    "tor_relay_load_onionskins_total",
                    "Onion skins that were computed, and that were given up",
                    "type action",
                    row(SKIN_FAST, "fast processed"),
                    row(SKIN_NTOR, "ntor processed"),
                    row(SKIN_NTOR_DROPPED, "ntor dropped"),
                    row(SKIN_NTOR_V3, "ntor_v3 processed"),
                    row(SKIN_NTOR_V3_DROPPED, "ntor_v3 dropped")),
            family("tor_relay_destroy_cell_total", "DESTROY cells of peers", "", row(DESTROY_RECEIVED, "")),
            family("tor_relay_drop_cell_total", "DROP messages", "", row(DROP_RECEIVED, "")),
            family(
                    "tor_relay_circ_proto_violation_total",
                    "Circuits closed because a peer broke the protocol",
                    "",
                    row(CIRCUIT_VIOLATION, "")),
            family(
                    "tor_relay_congestion_control_total",
                    "XOFF and XON that were sent",
                    "state action",
                    row(XOFF_SENT, "flow_control xoff_num_sent"),
                    row(XON_SENT, "flow_control xon_num_sent")),
            family(
                    "tor_relay_connections_total",
                    "Connections that were made, and that were refused",
                    "type direction state family",
                    row(LINK_DIALED_IPV4, "OR initiated created ipv4"),
                    row(LINK_DIALED_IPV6, "OR initiated created ipv6"),
                    row(LINK_ACCEPTED_IPV4, "OR received created ipv4"),
                    row(LINK_ACCEPTED_IPV6, "OR received created ipv6"),
                    row(LINK_REJECTED_IPV4, "OR received rejected ipv4"),
                    row(LINK_REJECTED_IPV6, "OR received rejected ipv6"),
                    row(EXIT_DIALED_IPV4, "Exit initiated created ipv4"),
                    row(EXIT_DIALED_IPV6, "Exit initiated created ipv6")),
            family(
                    "tor_relay_streams_total",
                    "What clients asked for, by the message",
                    "type",
                    row(STREAM_BEGIN, "BEGIN"),
                    row(STREAM_BEGIN_DIR, "BEGIN_DIR"),
                    row(STREAM_RESOLVE, "RESOLVE")),
            family("tor_relay_exit_dns_query_total", "Questions to name servers", "", row(DNS_QUERY, "")),
            family(
                    "tor_relay_exit_dns_error_total",
                    "Answers of name servers by what they say, good ones included",
                    "reason",
                    row(DNS_SUCCESS, "success"),
                    row(DNS_FORMAT, "format"),
                    row(DNS_SERVER_FAILED, "serverfailed"),
                    row(DNS_NOT_EXIST, "notexist"),
                    row(DNS_NOT_IMPLEMENTED, "notimpl"),
                    row(DNS_REFUSED, "refused"),
                    row(DNS_TRUNCATED, "truncated"),
                    row(DNS_UNKNOWN, "unknown"),
                    row(DNS_TIMEOUT, "tor_timeout"),
                    row(DNS_NO_DATA, "nodata")),
            family(
                    "tor_relay_load_global_rate_limit_reached_total",
                    "How often the limit of all bandwidth held traffic up",
                    "side",
                    row(READ_LIMIT_REACHED, "read"),
                    row(WRITE_LIMIT_REACHED, "write")),
            family(
                    "tor_relay_load_tcp_exhaustion_total",
                    "Connections that the system had no local port for",
                    "",
                    row(PORT_MISSING, "")),
            family(
                    "tor_relay_dos_total",
                    "What was refused to those who ask too much",
                    "type",
                    row(DOS_CIRCUIT_REJECTED, "circuit_rejected"),
                    row(QUEUE_FULL, "circuit_killed_max_cell"),
                    row(OUT_QUEUE_FULL, "circuit_killed_max_cell_outq"),
                    row(DOS_ADDRESS_MARKED, "marked_address"),
                    row(DOS_ADDRESS_MARKED_FOR_QUEUES, "marked_address_maxq"),
                    row(DOS_CONNECTION_REJECTED, "conn_rejected"),
                    row(DOS_CONCURRENT_CONNECTION_REJECTED, "concurrent_conn_rejected"),
                    row(ESTABLISH_RENDEZVOUS_SINGLE_HOP, "single_hop_refused"),
                    row(INTRODUCE1_RATE_LIMITED, "introduce2_rejected"),
                    row(DOS_STREAM_REJECTED, "stream_rejected")),
            family(
                    "tor_relay_est_intro_total",
                    OF_SERVICES,
                    "action",
                    row(ESTABLISH_INTRO_SUCCESS, "success"),
                    row(ESTABLISH_INTRO_MALFORMED, "malformed"),
                    row(ESTABLISH_INTRO_UNSUITABLE, "unsuitable_circuit")),
            family(
                    "tor_relay_est_rend_total",
                    OF_SERVICES,
                    "action",
                    row(ESTABLISH_RENDEZVOUS_SUCCESS, "success"),
                    row(ESTABLISH_RENDEZVOUS_UNSUITABLE, "unsuitable_circuit"),
                    row(ESTABLISH_RENDEZVOUS_SINGLE_HOP, "single_hop"),
                    row(ESTABLISH_RENDEZVOUS_MALFORMED, "malformed"),
                    row(ESTABLISH_RENDEZVOUS_DUPLICATE, "duplicate_cookie")),
            family(
                    "tor_relay_intro1_total",
                    OF_SERVICES,
                    "action",
                    row(INTRODUCE1_SUCCESS, "success"),
                    row(INTRODUCE1_MALFORMED, "malformed"),
                    row(INTRODUCE1_UNKNOWN_SERVICE, "unknown_service"),
                    row(INTRODUCE1_RATE_LIMITED, "rate_limited"),
                    row(INTRODUCE1_REUSED, "circuit_reused"),
                    row(INTRODUCE1_SINGLE_HOP, "single_hop")),
            family(
                    "tor_relay_rend1_total",
                    OF_SERVICES,
                    "action",
                    row(RENDEZVOUS1_SUCCESS, "success"),
                    row(RENDEZVOUS1_UNSUITABLE, "unsuitable_circuit"),
                    row(RENDEZVOUS1_MALFORMED, "malformed"),
                    row(RENDEZVOUS1_UNKNOWN_COOKIE, "unknown_cookie")));

    private CTorCounters() {}

    /// @param relay goes before the other labels
    static void add(Exposition page, String relay, Map<Tally, Long> tallies) {
        for (Family family : FAMILIES) {
            for (Row row : family.rows()) {
                Stream<String> labels = IntStream.range(0, family.labels().size())
                        .boxed()
                        .flatMap(i ->
                                Stream.of(family.labels().get(i), row.values().get(i)));
                page.add(
                        family.name(),
                        MetricType.COUNTER,
                        family.help(),
                        tallies.getOrDefault(row.tally(), 0L),
                        Stream.concat(Stream.of("relay", relay), labels).toArray(String[]::new));
            }
        }
    }

    private static Family family(String name, String help, String labels, Row... rows) {
        return new Family(name, help, words(labels), List.of(rows));
    }

    private static Row row(Tally tally, String values) {
        return new Row(tally, words(values));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
