package sallyport.lab.conflux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.lab.control.ControlClient;
import sallyport.lab.network.TorNode;

/// What a C tor client itself says of its conflux sets over its control port: the legs, and the bytes
/// that each carried.
final class ClientSets implements AutoCloseable {
    /// One leg.
    ///
    /// @param circuit the client's id of it
    /// @param nonce of its set, as C tor abbreviates it
    /// @param path fingerprints, the guard first
    record Leg(String circuit, String nonce, List<String> path) {
        String guard() {
            return path.getFirst();
        }

        String exit() {
            return path.getLast();
        }
    }

    private static final Pattern LEG =
            Pattern.compile("^(\\d+) BUILT (\\S+) .*PURPOSE=CONFLUX_LINKED .*CONFLUX_ID=(\\S+).*");
    private static final Pattern BANDWIDTH = Pattern.compile("^CIRC_BW ID=(\\d+) READ=(\\d+) .*");

    private final ControlClient control;
    private final Map<String, Long> read = new ConcurrentHashMap<>();

    ClientSets(TorNode client) throws IOException, InterruptedException {
        control = client.control();
        control.listen(this::onEvent);
        control.setEvents("CIRC_BW");
    }

    /// The sets whose legs are linked, each with at least two, by nonce.
    Map<String, List<Leg>> linked() throws IOException, InterruptedException {
        Map<String, List<Leg>> sets = new TreeMap<>();
        for (String line : control.info("circuit-status").split("\n", -1)) {
            Matcher leg = LEG.matcher(line);
            if (leg.matches()) {
                List<String> path = new ArrayList<>();
                for (String hop : leg.group(2).split(",", -1)) {
                    path.add(hop.substring(1, 41));
                }
                sets.computeIfAbsent(leg.group(3), _ -> new ArrayList<>())
                        .add(new Leg(leg.group(1), leg.group(3), path));
            }
        }
        sets.values().removeIf(legs -> legs.size() < 2);
        return sets;
    }

    /// What it has read on that leg so far, cells and all, known to within a second.
    long read(Leg leg) {
        return read.getOrDefault(leg.circuit(), 0L);
    }

    void close(Leg leg) throws IOException, InterruptedException {
        control.closeCircuit(leg.circuit());
    }

    @Override
    public void close() {
        control.close();
    }

    private void onEvent(String event) {
        Matcher bandwidth = BANDWIDTH.matcher(event);
        if (bandwidth.matches()) {
            read.merge(bandwidth.group(1), Long.valueOf(bandwidth.group(2)), Long::sum);
        }
    }
}
