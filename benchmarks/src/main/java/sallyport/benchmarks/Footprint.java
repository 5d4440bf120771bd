package sallyport.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.synthetic.SyntheticRelays;

/// Memory of idle relays in a network as long as the public one, ours and C tor's in one run.
///
/// The network's consensus lists as many synthetic relays as told. Exits of C tor, a process each, and one process of
/// ours after the other are part of it, as directory caches, which all of them are by default. Looked at is what
/// `/proc/PID/smaps_rollup` says every five seconds once a process holds every document and is left alone; the median
/// is stated, with the extremes.
/// Arguments: synthetic relays (default 8000), relays a process of ours (default 1,10,50), exits of C tor (default 10),
/// seconds to look (default 240, in which two new consensuses come).
public final class Footprint {
    private static final int OR_PORT = 9_001;
    private static final int POLL_MILLIS = 2_000;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)\\s*");

    private final PrivateNetwork network;
    private final int documents;
    private final Duration alone;

    private Footprint(PrivateNetwork network, int documents, Duration alone) {
        this.network = network;
        this.documents = documents;
        this.alone = alone;
    }

    public static void main(String[] arguments) throws Exception {
        int synthetic = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8_000;
        List<Integer> instances = Stream.of((arguments.length > 1 ? arguments[1] : "1,10,50").split(","))
                .map(Integer::valueOf)
                .toList();
        int torExits = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        Duration alone = Duration.ofSeconds(arguments.length > 3 ? Long.parseLong(arguments[3]) : 240);
        try (PrivateNetwork network = SyntheticRelays.suit(PrivateNetwork.plan())
                .relays(0)
                .exits(torExits)
                .clients(0)
                .patience(PATIENCE)
                .lifetime(Duration.ofHours(3))
                .progress(System.err::println)
                .start()) {
            SyntheticRelays.publish(network, synthetic, System.err::println);
            SyntheticRelays.awaitListed(network, synthetic, PATIENCE);
            System.err.println("the consensus lists " + network.consensus().size() + " relays");
            Footprint footprint = new Footprint(network, synthetic, alone);
            footprint.ofTor();
            for (int count : instances) {
                footprint.ofSallyport(count);
            }
        }
    }

    private void ofTor() throws IOException, InterruptedException {
        List<TorNode> exits = network.exits();
        for (TorNode exit : exits) {
            await(exit.nickname(), List.of(exit.data()), "cached-descriptors");
            await(exit.nickname(), List.of(exit.data()), "cached-microdescs");
        }
        List<Long> pids = exits.stream().map(TorNode::pid).toList();
        List<ProcessMemory> looks = ProcessMemory.during(alone, pids);
        for (TorNode exit : exits) {
            System.out.println("C tor, " + exit.nickname() + " at last: " + ProcessMemory.of(exit.pid()));
        }
        System.out.println("C tor, " + exits.size() + " processes: " + ProcessMemory.summary(looks));
    }

    private void ofSallyport(int count) throws IOException, InterruptedException {
        Path data = network.leash().directory().resolve("sallyport" + count).resolve("data");
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + count + "n" + i, address, OR_PORT, address));
        }
        SallyportConfig config = new SallyportConfig(
                data, network.authorityLines(), List.of(network.dns().hostPort()), relays, List.of());
        try (SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport" + count, config)) {
            Path directory = data.resolve("directory");
            await("Sallyport", shards(directory.resolve("cached-descriptors")), "");
            await("Sallyport", shards(directory.resolve("cached-microdescs")), "");
            awaitListed(sallyport, count);
            List<ProcessMemory> looks = ProcessMemory.during(alone, List.of(sallyport.pid()));
            List<String> histogram = Jcmd.run(sallyport.pid(), "GC.class_histogram");
            System.out.println("Sallyport, " + count + " relays: " + ProcessMemory.summary(looks)
                    + ", live on the heap " + live(histogram));
            histogram.stream().limit(25).forEach(System.err::println);
            System.out.println("after that full collection: " + ProcessMemory.of(sallyport.pid()));
            if (sallyport.terminate(Duration.ofMinutes(1)) != 0) {
                throw new IOException("ended badly: " + sallyport.lastWords());
            }
        }
    }

    private void awaitListed(SallyportProcess sallyport, int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (sallyport.lines().stream()
                        .filter(line -> line.contains(" listed in the consensus: "))
                        .count()
                < count) {
            pause("Sallyport", deadline);
        }
    }

    /// Waits until the files of that name, and those that continue them, hold as many documents as there are relays.
    private void await(String who, List<Path> directories, String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            int found = 0;
            for (Path directory : directories) {
                for (String suffix : name.isEmpty() ? List.of("") : List.of("", ".new")) {
                    found += documentsIn(name.isEmpty() ? directory : directory.resolve(name + suffix));
                }
            }
            if (found >= documents) {
                System.err.println(who + " holds " + found + " documents" + (name.isEmpty() ? "" : " in " + name));
                return;
            }
            pause(who, deadline);
        }
    }

    private static List<Path> shards(Path directory) {
        return Stream.of("0123456789abcdef".split("")).map(directory::resolve).toList();
    }

    /// Each descriptor and each microdescriptor has one such line.
    private static int documentsIn(Path file) throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int found = 0;
            for (int at = text.indexOf("\nntor-onion-key "); at >= 0; at = text.indexOf("\nntor-onion-key ", at + 1)) {
                found++;
            }
            return found;
        } catch (NoSuchFileException none) {
            return 0;
        }
    }

    private static void pause(String who, long deadline) throws IOException, InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IOException(who + " does not come to hold every document");
        }
        Thread.sleep(POLL_MILLIS);
    }

    private static String live(List<String> histogram) {
        for (String line : histogram) {
            Matcher matcher = TOTAL.matcher(line);
            if (matcher.matches()) {
                return String.format("%,d kB", Long.parseLong(matcher.group(1)) >> 10);
            }
        }
        return "unknown";
    }
}
