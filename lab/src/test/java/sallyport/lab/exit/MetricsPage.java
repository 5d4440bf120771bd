package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an endpoint of Prometheus answers, C tor's or ours: the type of each name, and what samples there
/// are. Labels are sorted, for their order says nothing.
///
/// @param samples name and labels, `tor_x{a="b",c="d"}`, beside the name alone
record MetricsPage(Map<String, String> types, Map<String, String> samples, String text) {
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)\\})? -?[0-9.eE+]+");
    private static final Pattern LABEL = Pattern.compile("[a-z_]+=\"[^\"]*\"");
    private static final Pattern RELAY = Pattern.compile("relay=\"[^\"]*\"");

    /// @param authorization what the endpoint wants to see; empty: nothing
    static MetricsPage of(String address, int port, String authorization) throws IOException {
        URLConnection connection = URI.create("http://" + address + ":" + port + "/metrics")
                .toURL()
                .openConnection();
        if (!authorization.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
        }
        try (InputStream in = connection.getInputStream()) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static MetricsPage of(String text) {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> samples = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isEmpty()).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                types.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                assertThat(sample.matches()).as(line).isTrue();
                samples.put(sample.group(1) + labels(sample.group(2)), sample.group(1));
            }
        });
        return new MetricsPage(types, samples, text);
    }

    private static String labels(String text) {
        TreeSet<String> labels = new TreeSet<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            if (!RELAY.matcher(label.group()).matches()) {
                labels.add(label.group());
            }
        }
        return "{" + String.join(",", labels) + "}";
    }
}
