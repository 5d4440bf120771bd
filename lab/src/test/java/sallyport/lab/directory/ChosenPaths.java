package sallyport.lab.directory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.ControlReply;
import sallyport.lab.network.TorNode;

/// The paths that one client of C tor chooses by its own rules, as its control port tells them.
final class ChosenPaths implements AutoCloseable {
    // Ours: half of what C tor lets a client have under way at a time (MaxClientCircuitsPending).
    private static final int AT_ONCE = 16;
    private static final long POLL_MILLIS = 20;
    // vanguards-spec "Vanguards-Lite": second hops are guards, too, and neither families nor networks keep them from
    // being used with whatever else is in the circuit.
    private static final String ONION_SERVICES = " PURPOSE=HS_VANGUARDS";
    private static final Set<String> ENDS = Set.of("BUILT", "FAILED", "CLOSED");

    private final ControlClient client;
    /// The last state of each circuit that has one.
    private final Map<String, String> states = new ConcurrentHashMap<>();

    private final Map<String, List<String>> built = new ConcurrentHashMap<>();

    ChosenPaths(TorNode node) throws IOException, InterruptedException {
        client = node.control();
        client.listen(event -> {
            // control-spec "Circuit status changed": CIRC SP CircuitID SP CircStatus SP Path ...
            String[] words = event.split(" ", 5);
            if (words[2].equals("BUILT") && !event.contains(ONION_SERVICES)) {
                built.put(words[1], hops(words[3]));
            }
            states.put(words[1], words[2]);
        });
        client.setEvents("CIRC");
    }

    ControlClient client() {
        return client;
    }

    /// Has the client begin one circuit; it may refuse.
    ControlReply launch() throws IOException, InterruptedException {
        return client.ask("EXTENDCIRCUIT 0");
    }

    /// What became of a circuit that [#launch] began: the fingerprints along it, or nothing where it was
    /// not built.
    List<String> outcome(ControlReply launched, Duration patience) throws IOException, InterruptedException {
        String id = id(launched);
        await(id, patience);
        return built.getOrDefault(id, List.of());
    }

    /// The path of each circuit that was begun and built while the client was asked for so many, also of those that
    /// it built unasked, unless for onion services. It takes other guards and forgets its circuits between every
    /// few, as if it were another client.
    List<List<String>> choose(int circuits, Duration patience) throws IOException, InterruptedException {
        int before = Integer.MAX_VALUE;
        for (int begun = 0; begun < circuits; begun += AT_ONCE) {
            client.order("DROPGUARDS");
            client.signal("NEWNYM");
            List<String> under = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                ControlReply reply = launch();
                if (reply.isGood()) {
                    under.add(id(reply));
                    // C tor counts its circuits through.
                    before = Math.min(before, Integer.parseInt(id(reply)));
                }
            }
            for (String id : under) {
                await(id, patience);
                client.closeCircuit(id);
            }
        }
        int first = before;
        return built.entrySet().stream()
                .filter(each -> Integer.parseInt(each.getKey()) >= first)
                .map(Map.Entry::getValue)
                .toList();
    }

    private void await(String id, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!ENDS.contains(states.getOrDefault(id, ""))) {
            if (System.nanoTime() > deadline) {
                throw new IOException("circuit " + id + " is neither built nor closed");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    // $FINGERPRINT~nickname, by commas
    private static List<String> hops(String path) {
        return Stream.of(path.split(",")).map(hop -> hop.substring(1, 41)).toList();
    }

    // "250 EXTENDED" SP CircuitID
    private static String id(ControlReply launched) {
        return launched.first().split(" ", 3)[1];
    }

    @Override
    public void close() {
        client.close();
    }
}
