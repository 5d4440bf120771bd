package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// What C tor's MetricsPort shows and our endpoint does not, each with its reason, and nothing else
/// (docs/metrics.md).
final class MetricsParity {
    /// Samples of C tor that are not there, by a pattern of the whole sample.
    private enum Absent {
        OTHER_PORTS(
                "no relay of ours has such ports, and listeners are not counted",
                "tor_relay_connections(_total)?\\{.*type=\"(?!OR\"|Exit\")[^\"]*\".*"),
        EXITS_RECEIVED(
                "servers connect to no exit",
                "tor_relay_connections(_total)?\\{direction=\"received\".*type=\"Exit\"\\}"),
        INSIDE_OF_CONGESTION_CONTROL(
                "averages over the inside of C tor's congestion control", "tor_relay_congestion_control\\{.*"),
        STEPS_OF_CONGESTION_CONTROL(
                "the same", "tor_relay_congestion_control_total\\{.*state=\"(?!flow_control\")[^\"]*\"\\}"),
        QUESTIONS_GIVEN_UP(
                "whoever asked is gone, or we are", "tor_relay_exit_dns_error_total\\{reason=\"(shutdown|cancel)\"\\}"),
        CIRCUIT_DEAD("a circuit that is gone has no message to count", ".*\\{action=\"circuit_dead\"\\}"),
        FAST_DROPPED(
                "CREATE_FAST is answered at once",
                "tor_relay_load_onionskins_total\\{action=\"dropped\",type=\"fast\"\\}"),
        TAP("nobody computes them any more", "tor_relay_load_onionskins_total\\{.*type=\"tap\"\\}"),
        SOCKETS_OF_ALL("the limit is the process's", "tor_relay_load_socket_total\\{\\}");

        private final String why;
        private final Pattern sample;

        Absent(String why, String sample) {
            this.why = why;
            this.sample = Pattern.compile(sample);
        }
    }

    /// C tor shows it with `OfflineMasterKey` alone.
    private static final String OFFLINE_ONLY = "tor_relay_signing_cert_expiry_timestamp";

    private MetricsParity() {}

    /// @param theirs of C tor's MetricsPort
    static void holds(MetricsPage ours, MetricsPage theirs) {
        List<Absent> needed = new ArrayList<>();
        theirs.samples().forEach((sample, name) -> {
            List<Absent> reasons = Arrays.stream(Absent.values())
                    .filter(reason -> reason.sample.matcher(sample).matches())
                    .toList();
            if (ours.samples().containsKey(sample)) {
                assertThat(reasons)
                        .as("%s is there, although", sample)
                        .extracting(reason -> reason.why)
                        .isEmpty();
                assertThat(ours.types())
                        .as(sample)
                        .containsEntry(name, theirs.types().get(name));
            } else {
                assertThat(reasons).as("%s is missing without a reason", sample).isNotEmpty();
                needed.addAll(reasons);
            }
        });
        assertThat(needed).as("reasons that C tor still gives").containsAll(List.of(Absent.values()));
        assertThat(ours.samples().keySet())
                .filteredOn(sample -> sample.startsWith("tor_") && !sample.startsWith(OFFLINE_ONLY))
                .as("under C tor's names, and C tor does not know them")
                .isSubsetOf(theirs.samples().keySet());
    }
}
