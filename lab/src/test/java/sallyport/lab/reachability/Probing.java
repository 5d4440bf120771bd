package sallyport.lab.reachability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cell.CellPool;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.origin.LinkProbes;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Tasks;
import sallyport.lab.synthetic.MemoryStorage;

/// The prober at work on a network that runs: each relay answers as who its descriptor says, and nobody
/// does at the address of another, or where nothing listens.
public final class Probing implements ProbedRelays {
    private static final String NOBODY = "00".repeat(20);

    private final Map<String, ProbeTarget> known = new TreeMap<>();
    private final Set<String> untested = new TreeSet<>();
    private final Map<String, String> reached = new ConcurrentSkipListMap<>();

    private Probing() {}

    /// @param empty an address where nothing listens
    public static void prove(List<RouterDescriptor> relays, String empty, Duration patience) throws Exception {
        Path scratch = Files.createTempDirectory("sallyport-probing-");
        List<String> lines = new ArrayList<>();
        RealWorld world = new RealWorld(scratch, 1, (level, relay, text) -> lines.add(text));
        try {
            prove(world, relays, empty, patience);
        } finally {
            world.close();
            Files.deleteIfExists(scratch);
        }
        assertThat(lines)
                .noneMatch(line -> relays.stream()
                        .anyMatch(relay ->
                                line.contains(relay.orAddresses().getFirst().host())));
    }

    private static void prove(RealWorld world, List<RouterDescriptor> relays, String empty, Duration patience)
            throws Exception {
        EventLoop loop = world.loops().all().getFirst();
        FaultCounters faults = new FaultCounters();
        RelayKeys keys = RelayKeys.open(new MemoryStorage(), "prober/keys", world.entropy(), world.clock());
        LinkProbes links = new LinkProbes(
                "prober",
                world,
                loop,
                new CellPool(),
                keys,
                List.of(),
                HostLimits.of(world, 0).open("prober", loop, faults),
                faults,
                LinksMaker.OVER_TLS);
        Probing probing = new Probing();
        relays.forEach(relay -> probing.know(ProbeTarget.of(relay)));
        RouterDescriptor first = relays.getFirst();
        // Under another relay's identity, and where a relay was that has gone.
        probing.know(new ProbeTarget(new byte[20], first.orAddresses()));
        byte[] gone = new byte[20];
        gone[0] = 1;
        probing.know(new ProbeTarget(gone, List.of(Objects.requireNonNull(RelayAddress.parseIp(empty, 5_000)))));
        Tasks.Task task = world.tasks()
                .start(
                        "probing",
                        () -> new RelayProber(
                                        links::probe, probing, keys.identity().fingerprint(), false)
                                .run(world));
        await().atMost(patience)
                .untilAsserted(() -> assertThat(probing.reached)
                        .isEqualTo(relays.stream()
                                .collect(Collectors.toMap(
                                        relay -> Hex.upper(relay.rsaDigest()), relay -> Hex.upper(relay.ed25519())))));
        task.cancel();
        assertThat(task.join(patience)).isTrue();
        links.close();
        assertThat(probing.reached).doesNotContainKeys(NOBODY, Hex.upper(gone));
    }

    private void know(ProbeTarget target) {
        known.put(target.fingerprint(), target);
        untested.add(target.fingerprint());
    }

    @Override
    public Collection<ProbeTarget> all() {
        return known.values();
    }

    @Override
    public @Nullable ProbeTarget of(String fingerprint) {
        return known.get(fingerprint);
    }

    @Override
    public Set<String> untested() {
        Set<String> once = Set.copyOf(untested);
        untested.clear();
        return once;
    }

    @Override
    public void reached(String fingerprint, byte[] ed25519, RelayAddress at) {
        assertThat(Objects.requireNonNull(known.get(fingerprint)).addresses()).contains(at);
        reached.put(fingerprint, Hex.upper(ed25519));
    }
}
