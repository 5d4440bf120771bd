package sallyport.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sallyport.lab.network.Loopback;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.FleetConfig;
import sallyport.lab.process.SallyportProcess;

/// What a fleet costs that nobody uses: time until all its relays are published and listed as exits, memory, files.
///
/// In one run, one after the other, each in a network of C tor's authorities: fleets of ours, each in one process,
/// and as many processes of C tor as told. Each relay has an address of its own. Arguments: relays of ours (default
/// 250,50), exits of C tor (default 50), seconds to look at each once all are listed (default 60).
public final class FleetCost {
    private static final int NETWORK_RELAYS = 3;
    private static final long POLL_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Set<String> LISTED = Set.of("Running", "Valid", "Exit");

    private final PrivateNetwork network;
    private final Duration look;

    private FleetCost(PrivateNetwork network, Duration look) {
        this.network = network;
        this.look = look;
    }

    public static void main(String[] arguments) throws Exception {
        List<Integer> ours = Stream.of((arguments.length > 0 ? arguments[0] : "250,50").split(","))
                .map(Integer::valueOf)
                .toList();
        int theirs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        Duration look = Duration.ofSeconds(arguments.length > 2 ? Long.parseLong(arguments[2]) : 60);
        List<FleetFigures> all = new ArrayList<>();
        for (int relays : ours) {
            try (PrivateNetwork network = network()) {
                all.add(new FleetCost(network, look).ofSallyport(relays));
            }
        }
        if (theirs > 0) {
            try (PrivateNetwork network = network()) {
                all.add(new FleetCost(network, look).ofTor(theirs));
            }
        }
        System.out.println(FleetFigures.TITLE);
        all.forEach(System.out::println);
        if (ours.size() > 1 && !ours.getFirst().equals(ours.getLast())) {
            System.out.println(FleetFigures.perRelay(all.getFirst(), all.get(ours.size() - 1)));
        }
    }

    /// A network for each fleet: relays of the one before would be listed for a while, and self-tests go through them.
    private static PrivateNetwork network() throws IOException, InterruptedException {
        return PrivateNetwork.plan()
                .relays(NETWORK_RELAYS)
                .clients(0)
                .lifetime(Duration.ofHours(1))
                .progress(System.err::println)
                .start();
    }

    private FleetFigures ofSallyport(int relays) throws Exception {
        String name = "of" + relays + "n";
        List<Loopback> blocks = new ArrayList<>();
        try {
            FleetConfig config = new FleetConfig(
                    network.leash().directory().resolve(name).resolve("data"),
                    network.authorityLines(),
                    network.dns().hostPort(),
                    addresses(relays, blocks),
                    name,
                    relays,
                    // A descriptor has no room for 250 members of a family, nor have authorities for what that makes.
                    List.of("family { together = false, ids = \"*\" }"));
            SallyportProcess.verb(
                    network.leash(),
                    "identity",
                    "family-keygen",
                    "--directory",
                    config.dataDirectory().resolve("family-keys").toString(),
                    "fleet");
            long begin = System.nanoTime();
            SallyportProcess.applyFleet(network.leash(), name, config.text());
            Duration applied = since(begin);
            begin = System.nanoTime();
            try (SallyportProcess sallyport =
                    SallyportProcess.runFleet(network.leash(), name, "-XX:NativeMemoryTracking=summary")) {
                Duration published = awaitLines(sallyport, " published and reachable: ", relays, begin);
                Duration listed = awaitListed(name, relays, begin);
                List<ProcessMemory> looks = ProcessMemory.during(look, List.of(sallyport.pid()));
                List<String> heap = Jcmd.run(sallyport.pid(), "GC.heap_info");
                List<String> kinds = Jcmd.run(sallyport.pid(), "VM.native_memory", "summary");
                FleetFigures figures = new FleetFigures(
                        "Sallyport, " + relays + " exits, 1 process",
                        relays,
                        applied,
                        published,
                        listed,
                        looks,
                        files(List.of(sallyport.pid())),
                        sallyport.processorTime());
                System.out.println(figures.who() + ":");
                Stream.concat(heap.stream().limit(2), kinds.stream().filter(FleetCost::isTold))
                        .forEach(line -> System.out.println("    " + line.strip()));
                begin = System.nanoTime();
                if (sallyport.terminate(Duration.ofMinutes(1)) != 0) {
                    throw new IOException("ended badly: " + sallyport.lastWords());
                }
                System.out.println(
                        "    from SIGTERM to the end: " + since(begin).toMillis() + " ms");
                return figures;
            }
        } finally {
            for (Loopback block : blocks) {
                block.close();
            }
        }
    }

    private FleetFigures ofTor(int relays) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<TorNode> exits = network.addExits(relays);
        List<Long> pids = exits.stream().map(TorNode::pid).toList();
        Duration listed = awaitListed("exit", relays, begin);
        List<ProcessMemory> looks = ProcessMemory.during(look, pids);
        Duration cpu = Duration.ZERO;
        for (TorNode exit : exits) {
            cpu = cpu.plus(ProcessHandle.of(exit.pid())
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElse(Duration.ZERO));
        }
        return new FleetFigures(
                "C tor, " + relays + " exits, " + relays + " processes",
                relays,
                null,
                null,
                listed,
                looks,
                files(pids),
                cpu);
    }

    private static boolean isTold(String line) {
        return Stream.of("Total:", "Java Heap (", "Class (", "Thread (", "Code (", "GC (", "Other (", "Symbol (")
                .anyMatch(line::contains);
    }

    private static List<String> addresses(int count, List<Loopback> blocks) throws IOException {
        List<String> addresses = new ArrayList<>();
        while (addresses.size() < count) {
            Loopback block = Loopback.take();
            blocks.add(block);
            for (int i = 0; i < Loopback.ADDRESSES && addresses.size() < count; i++) {
                addresses.add(block.freshAddress());
            }
        }
        return addresses;
    }

    private static Duration awaitLines(SallyportProcess sallyport, String words, int count, long begin)
            throws IOException, InterruptedException {
        while (sallyport.lines().stream().filter(line -> line.contains(words)).count() < count) {
            pause(begin, "not all are published");
        }
        return since(begin);
    }

    private Duration awaitListed(String prefix, int count, long begin) throws IOException, InterruptedException {
        while (network.consensus().nicknamesWith(LISTED).stream()
                        .filter(nickname -> nickname.startsWith(prefix))
                        .count()
                < count) {
            pause(begin, "not all are listed");
        }
        return since(begin);
    }

    private static void pause(long begin, String complaint) throws IOException, InterruptedException {
        if (since(begin).compareTo(PATIENCE) > 0) {
            throw new IOException(complaint + " after " + PATIENCE.toMinutes() + " minutes");
        }
        Thread.sleep(POLL_MILLIS);
    }

    private static long files(List<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            try (Stream<Path> entries = Files.list(Path.of("/proc", "" + pid, "fd"))) {
                sum += entries.count();
            }
        }
        return sum;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
