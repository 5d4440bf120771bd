package sallyport.engine.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// Keeps the process's one [DirectoryStore] current: both flavors of the consensus, the certificates they need, and
/// the microdescriptors and descriptors they name (dir-spec 4). One control task for all instances.
public final class DirectoryFetcher {
    // As C tor: what fits a URL of 4,095 characters.
    private static final int MICRODESCRIPTORS_PER_REQUEST = 92;
    private static final int DESCRIPTORS_PER_REQUEST = 96;
    // Ours: 92 microdescriptors with long families, 96 descriptors of 20,000 bytes.
    private static final int DOCUMENTS_BYTES_MAX = 4 << 20;
    // Ours: the wall clock may jump; look at it at least so often.
    private static final Duration SLEEP_MAX = Duration.ofSeconds(60);
    // Ours: rounds without any consensus before the operator hears of it.
    private static final int ROUNDS_BEFORE_WARNING = 20;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final World world;
    private final DirectoryStore store;
    private final FetchSchedule schedule;
    private final DirectoryState state;
    private final Inquiries inquiries;
    private final ConsensusFetches consensuses;
    private final Map<Flavor, Due> consensusDue = new EnumMap<>(Flavor.class);
    private final Map<Flavor, Due> documentsDue = new EnumMap<>(Flavor.class);
    private int emptyRounds;
    private Tasks.@Nullable Task task;

    /// When to do something next, and how long the last wait after a failure was.
    private record Due(Instant at, Duration lastWait) {}

    public DirectoryFetcher(World world, Authorities authorities, DirectoryStore store, boolean testing) {
        this(world, authorities, store, testing, new HttpDirectoryTransport(world));
    }

    public DirectoryFetcher(
            World world, Authorities authorities, DirectoryStore store, boolean testing, DirectoryTransport transport) {
        this(world, authorities, store, testing, transport, (_, _) -> {});
    }

    /// @param testing a private network of C tor's TestingTorNetwork kind: short intervals, quick retries
    /// @param listener hears of each consensus
    public DirectoryFetcher(
            World world,
            Authorities authorities,
            DirectoryStore store,
            boolean testing,
            DirectoryTransport transport,
            ConsensusListener listener) {
        this.world = world;
        this.store = store;
        this.schedule = new FetchSchedule(testing, world.entropy());
        Set<String> voters = authorities.voting().stream()
                .map(Authority::v3Ident)
                .filter(ident -> ident != null)
                .map(Hex::upper)
                .collect(Collectors.toUnmodifiableSet());
        this.state = new DirectoryState(
                world.storage(), world.log(), store, new DirectoryTrust(testing, voters, List.of()), listener);
        this.inquiries = new Inquiries(world, authorities, transport);
        this.consensuses = new ConsensusFetches(world, store, state, inquiries);
    }

    /// Begins in a control task of its own: first with what lies on disk, then with the network.
    public synchronized void start() {
        if (task != null) {
            throw new IllegalStateException("already started");
        }
        task = world.tasks().start("directory", this::run);
    }

    /// Ends the task; the store keeps its last snapshot.
    public synchronized void stop() throws InterruptedException {
        if (task != null) {
            task.cancel();
            boolean _ = task.join(STOP_LIMIT);
            task = null;
        }
    }

    /// What authorities did wrong, by kind.
    public FaultCounters faults() {
        return inquiries.faults();
    }

    private void run() throws InterruptedException {
        Instant start = now();
        state.load(start);
        for (Flavor flavor : Flavor.values()) {
            Instant at = state.consensus(flavor).map(schedule::after).orElse(start);
            consensusDue.put(flavor, new Due(at, Duration.ZERO));
            documentsDue.put(flavor, new Due(start, Duration.ZERO));
        }
        while (true) {
            // Microdescriptors first: they are small and tell all that links need.
            for (Flavor flavor : List.of(Flavor.MICRODESC, Flavor.NS)) {
                if (isDue(consensusDue, flavor)) {
                    consensusRound(flavor);
                }
            }
            for (Flavor flavor : List.of(Flavor.MICRODESC, Flavor.NS)) {
                if (isDue(documentsDue, flavor)) {
                    documentsRound(flavor);
                }
            }
            world.tasks().sleep(untilNext());
        }
    }

    private void consensusRound(Flavor flavor) throws InterruptedException {
        Consensus fetched = consensuses.fetch(flavor);
        Instant now = now();
        if (fetched == null) {
            noteEmptyRound();
        } else {
            emptyRounds = 0;
            documentsDue.put(flavor, new Due(now, Duration.ZERO));
            Instant next = schedule.after(fetched);
            if (next.isAfter(now)) {
                consensusDue.put(flavor, new Due(next, Duration.ZERO));
                return;
            }
        }
        consensusDue.computeIfPresent(flavor, (_, due) -> retry(due, now));
    }

    private void documentsRound(Flavor flavor) throws InterruptedException {
        DocumentCache cache = state.documents(flavor);
        List<Digest> missing = cache.missing();
        int perRequest = flavor == Flavor.NS ? DESCRIPTORS_PER_REQUEST : MICRODESCRIPTORS_PER_REQUEST;
        List<Authority> order = inquiries.shuffled();
        int taken = 0;
        int failures = 0;
        int turn = 0;
        for (int from = 0; from < missing.size() && failures < Inquiries.AUTHORITIES_PER_ROUND; from += perRequest) {
            List<Digest> batch = missing.subList(from, Math.min(from + perRequest, missing.size()));
            Authority authority = order.get(turn++ % order.size());
            int got = fetchDocuments(flavor, batch, authority);
            taken += got;
            failures = got == 0 ? failures + 1 : 0;
        }
        if (taken > 0) {
            cache.flush();
            state.publish();
        }
        Instant now = now();
        boolean isComplete = cache.missing().isEmpty();
        documentsDue.computeIfPresent(
                flavor, (_, due) -> isComplete ? new Due(Instant.MAX, Duration.ZERO) : retry(due, now));
    }

    private int fetchDocuments(Flavor flavor, List<Digest> batch, Authority authority) throws InterruptedException {
        String path = switch (flavor) {
            case NS ->
                batch.stream()
                        .map(digest -> Hex.upper(digest.bytes()))
                        .collect(Collectors.joining("+", "/tor/server/d/", ""));
            case MICRODESC ->
                batch.stream()
                        .map(digest -> Base64.getEncoder().withoutPadding().encodeToString(digest.bytes()))
                        .collect(Collectors.joining("-", "/tor/micro/d/", ""));
        };
        byte[] text = inquiries.get(authority, DirectoryRequest.get(path, DOCUMENTS_BYTES_MAX));
        if (text == null) {
            return 0;
        }
        try {
            return state.documents(flavor).offer(text, now());
        } catch (Malformed e) {
            inquiries.complain(authority, flavor == Flavor.NS ? "malformed descriptors" : "malformed microdescriptors");
            return 0;
        }
    }

    private void noteEmptyRound() {
        boolean isLive = store.consensus().filter(held -> held.isLive(now())).isPresent();
        if (!isLive && ++emptyRounds == ROUNDS_BEFORE_WARNING) {
            world.log()
                    .warn(
                            "",
                            "no directory authority has a usable consensus; check the network connection, the clock and"
                                    + " the list of authorities");
        }
    }

    private Due retry(Due due, Instant now) {
        Duration wait = schedule.retry(due.lastWait());
        return new Due(now.plus(wait), wait);
    }

    private boolean isDue(Map<Flavor, Due> dues, Flavor flavor) {
        Due due = dues.get(flavor);
        return due != null && !due.at().isAfter(now());
    }

    private Duration untilNext() {
        Instant now = now();
        Duration least = SLEEP_MAX;
        for (Map<Flavor, Due> dues : List.of(consensusDue, documentsDue)) {
            for (Due due : dues.values()) {
                // Far moments overflow a duration of nanoseconds: compare first.
                if (due.at().isBefore(now.plus(least))) {
                    least = Duration.between(now, due.at());
                }
            }
        }
        return least.isNegative() ? Duration.ZERO : least;
    }

    private Instant now() {
        return world.clock().instant();
    }
}
