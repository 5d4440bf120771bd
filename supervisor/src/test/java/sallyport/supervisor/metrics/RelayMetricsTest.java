package sallyport.supervisor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sallyport.engine.instance.InstanceState;
import sallyport.supervisor.admin.FakeRelays;

/// What is exposed, beside what the MetricsPort of tor 0.4.9.11 answered in a private network
/// (`ctor-metrics.txt`).
class RelayMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)\\})? (-?[0-9.E+]+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"\\\\]*)\",?");

    /// A sample's name and labels, and its type.
    private record Page(Map<String, String> types, Map<String, Double> samples) {
        static Page of(String text) {
            Map<String, String> types = new TreeMap<>();
            Map<String, Double> samples = new TreeMap<>();
            text.lines().forEach(line -> {
                if (line.startsWith("# TYPE ")) {
                    String[] words = line.split(" ", -1);
                    assertThat(types.put(words[2], words[3])).as(line).isNull();
                } else if (!line.startsWith("#")) {
                    Matcher sample = SAMPLE.matcher(line);
                    assertThat(sample.matches()).as(line).isTrue();
                    assertThat(types).as(line).containsKey(sample.group(1));
                    samples.put(sample.group(1) + labels(sample.group(2)), Double.valueOf(sample.group(3)));
                }
            });
            return new Page(types, samples);
        }

        /// Sorted, for their order says nothing.
        private static List<String> labels(String text) {
            Set<String> labels = new TreeSet<>();
            Matcher label = LABEL.matcher(text == null ? "" : text);
            while (label.find()) {
                labels.add(label.group(1) + "=" + label.group(2));
            }
            return new ArrayList<>(labels);
        }
    }

    private final FakeRelays relays = new FakeRelays();

    @Test
    void whatHasANameOfCTorsHasItsLabelsAndItsType() throws Exception {
        relays.put("one", new InstanceState.Published(), 10, "Exit", "Running");
        Page ours = page();
        Page theirs = Page.of(resource());
        assertThat(ours.types().keySet())
                .filteredOn(name -> name.startsWith("tor_"))
                .hasSizeGreaterThan(10);
        ours.types().forEach((name, type) -> {
            if (name.startsWith("tor_")) {
                assertThat(theirs.types()).containsEntry(name, type);
            } else {
                assertThat(name).startsWith("sallyport_");
            }
        });
        assertThat(ours.samples().keySet())
                .filteredOn(sample -> sample.startsWith("tor_"))
                .allSatisfy(sample -> assertThat(theirs.samples())
                        .containsKey(sample.replaceAll("relay=one, |(, )?relay=one(?=])", "")));
    }

    @Test
    void eachRelayHasItsSamples() {
        relays.put("one", new InstanceState.Published(), 10, "Exit", "Running");
        relays.put("two", new InstanceState.Quarantined("too much"), 0, "Sybil");
        Map<String, Double> samples = page().samples();
        assertThat(samples)
                .containsEntry("tor_relay_traffic_bytes[direction=written, relay=one]", 20.0)
                .containsEntry("tor_relay_circuits_total[relay=one, state=opened]", 7.0)
                .containsEntry("tor_relay_flag[relay=one, type=Exit]", 1.0)
                .containsEntry("tor_relay_flag[relay=one, type=Sybil]", 0.0)
                .containsEntry("tor_relay_flag[relay=two, type=Sybil]", 1.0)
                .containsEntry("tor_relay_streams_total[relay=one, type=BEGIN]", 4.0)
                .containsEntry("sallyport_relay_state[relay=one, state=published]", 1.0)
                .containsEntry("sallyport_relay_state[relay=two, state=quarantined]", 1.0)
                .containsEntry("sallyport_relay_bad_flag[kind=Sybil, relay=two]", 1.0)
                .containsEntry("sallyport_relay_memory_bytes[kind=cells, relay=one]", 1500.0)
                .containsEntry("tor_relay_load_oom_bytes_total[relay=one, subsys=dns]", 70.0)
                .containsEntry("tor_relay_load_oom_bytes_total[relay=one, subsys=cell]", 0.0)
                .containsEntry("sallyport_relay_memory_freed_bytes_total[kind=dns, relay=one]", 70.0)
                .containsEntry("sallyport_relay_sockets_share[kind=guaranteed, relay=one]", 100.0)
                .containsEntry("sallyport_relay_sockets_share[kind=borrowed, relay=one]", 3.0)
                .containsEntry("sallyport_relay_bandwidth_share_bytes_per_second[relay=one]", (double) (1 << 20))
                .containsEntry("sallyport_relay_onionskins[kind=waiting, relay=one]", 4.0)
                .containsEntry("sallyport_loop_lag_microseconds[loop=0]", 1500.0)
                .containsEntry("sallyport_loop_pending_tasks[loop=0]", 3.0)
                .containsEntry("sallyport_loop_cells_held[loop=0]", 40.0)
                .containsEntry("sallyport_workers_waiting[kind=bulk]", 6.0)
                .containsEntry("sallyport_sockets_common_free[]", 77.0)
                .containsEntry("sallyport_disk_bytes[kind=applied]", 3000.0)
                .containsEntry("sallyport_disk_free_bytes[]", (double) (1L << 33))
                .containsEntry("sallyport_disk_directory_cache_limit_bytes[]", (double) (512 << 20))
                .containsEntry("sallyport_bandwidth_limit_bytes_per_second[]", (double) (10 << 20))
                .containsEntry("sallyport_bandwidth_short[direction=read]", 1.0)
                .containsEntry("sallyport_relay_peer_faults_total[relay=one]", 3.0)
                .containsKey("tor_relay_signing_cert_expiry_timestamp[relay=one]")
                .containsKey("tor_bug_reached_count[relay=two]")
                .containsEntry("sallyport_memory_limit_bytes[]", (double) (1 << 30))
                .doesNotContainKey("tor_relay_circuits_total[relay=two, state=opened]");
    }

    /// Names and labels that could tell of users are not there, whatever is added.
    @Test
    void labelsAreThoseThatMayBe() {
        relays.put("one", new InstanceState.Published(), 10, "Exit", "Running");
        String text = RelayMetrics.page("1.2.3", relays.host(), relays.loops(), relays.disk(), relays.relays());
        assertThat(LABEL.matcher(text).results().map(label -> label.group(1)))
                .isNotEmpty()
                .isSubsetOf(
                        "relay",
                        "kind",
                        "loop",
                        "subsys",
                        "state",
                        "type",
                        "direction",
                        "action",
                        "reason",
                        "family",
                        "side",
                        "version");
    }

    @Test
    void labelsAreEscaped() {
        assertThat(new Exposition()
                        .add("a", Exposition.MetricType.GAUGE, "h", 5, "b", "x\"\\\ny")
                        .toString())
                .isEqualTo("# HELP a h\n# TYPE a gauge\na{b=\"x\\\"\\\\\\ny\"} 5\n");
    }

    private Page page() {
        return Page.of(RelayMetrics.page("1.2.3", relays.host(), relays.loops(), relays.disk(), relays.relays()));
    }

    private static String resource() throws Exception {
        try (InputStream in = RelayMetricsTest.class.getResourceAsStream("/ctor-metrics.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
