package sallyport.engine.accounting;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// What one relay counts about its traffic, and what it tells of it in its extra-info document. A kind of statistic is
/// counted only while it is wanted: an object that is null counts nothing.
///
/// Runs on: the instance's loop, except where it says otherwise.
public final class RelayStatistics {
    /// dir-spec "dirreq-stats-end": a day. C tor's WRITE_STATS_INTERVAL.
    public static final Duration PERIOD = Duration.ofDays(1);
    // C tor's load_stats_file: so old they are published, and so far ahead of our clock.
    private static final Duration TOLD_FOR = Duration.ofHours(25);
    private static final Duration AHEAD = Duration.ofHours(1);
    // Onion services change their keys around midnight, not all at once. Whoever counts them from noon to noon counts
    // few of them twice.
    private static final LocalTime NOON = LocalTime.NOON;

    /// What was counted in one period.
    ///
    /// @param end when the period ended
    /// @param lines of the document, as they are published
    public record Finished(Instant end, List<String> lines) {
        public Finished {
            lines = List.copyOf(lines);
        }
    }

    private static final class Running {
        private final Statistic statistic;
        private long beginNanos;
        private boolean begun;

        Running(Statistic statistic, long beginNanos) {
            this.statistic = statistic;
            this.beginNanos = beginNanos;
        }
    }

    private final World world;
    private final Duration period;
    private final BandwidthHistory bandwidth;
    private final Map<StatisticKind, Running> running = new EnumMap<>(StatisticKind.class);
    private final PaddingCounts padding = new PaddingCounts();
    private @Nullable DirectoryRequests directoryRequests;
    private @Nullable OnionServiceActivity onionServices;
    private @Nullable EntryAddresses entries;
    private @Nullable CellWaits cells;
    private @Nullable ExitPorts exitPorts;
    private @Nullable LinkDirections linkDirections;
    private Runnable openCircuits = () -> {};

    // Published to readers.
    private volatile boolean told = true;
    private volatile Map<StatisticKind, Finished> finished = Map.of();

    /// Counts bandwidth and padding alone until [#follow].
    public RelayStatistics(World world, BandwidthHistory bandwidth, Duration period) {
        this.world = world;
        this.bandwidth = bandwidth;
        this.period = period;
    }

    /// From any thread.
    public BandwidthHistory bandwidth() {
        return bandwidth;
    }

    public PaddingCounts padding() {
        return padding;
    }

    public @Nullable DirectoryRequests directoryRequests() {
        return directoryRequests;
    }

    public @Nullable OnionServiceActivity onionServices() {
        return onionServices;
    }

    public @Nullable EntryAddresses entries() {
        return entries;
    }

    public @Nullable CellWaits cells() {
        return cells;
    }

    public @Nullable ExitPorts exitPorts() {
        return exitPorts;
    }

    public @Nullable LinkDirections linkDirections() {
        return linkDirections;
    }

    /// What has the open circuits tell [#cells], before a period ends.
    public void openCircuits(Runnable tell) {
        openCircuits = tell;
    }

    /// Counts what is wanted from now on, and forgets what is wanted no more.
    ///
    /// @param tell whether documents tell anything at all, the histories included
    public void follow(Set<StatisticKind> wanted, boolean tell) {
        told = tell;
        long now = world.ticker().nanoTime();
        for (StatisticKind kind : StatisticKind.values()) {
            if (!wanted.contains(kind)) {
                running.remove(kind);
                use(kind, null);
                tell(kind, null);
            } else if (!running.containsKey(kind)) {
                Statistic statistic = make(kind);
                use(kind, statistic);
                running.put(kind, new Running(statistic, now + untilBegin(kind).toNanos()));
            }
        }
        pass();
    }

    /// Begins and ends the periods that are due. Returns the nanoseconds until it should be asked again.
    public long pass() {
        long now = world.ticker().nanoTime();
        long wait = period.toNanos();
        for (Map.Entry<StatisticKind, Running> each : running.entrySet()) {
            Running one = each.getValue();
            if (!one.begun && now - one.beginNanos >= 0) {
                begin(one, one.beginNanos);
            } else if (one.begun && now - one.beginNanos >= period.toNanos()) {
                end(each.getKey(), one, now);
            }
            long due = one.beginNanos + (one.begun ? period.toNanos() : 0);
            wait = Math.min(wait, due - now);
        }
        return Math.max(wait, 0);
    }

    private static void begin(Running one, long nowNanos) {
        one.begun = true;
        one.beginNanos = nowNanos;
        one.statistic.begin(nowNanos);
    }

    private void end(StatisticKind kind, Running one, long now) {
        Instant end = world.clock().instant();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - one.beginNanos);
        List<String> lines = one.statistic.lines(HistoryLines.time(end) + " (" + seconds + " s)", now);
        tell(kind, lines.isEmpty() ? null : new Finished(end, lines));
        begin(one, now);
    }

    /// What is told of each kind, those included that are too old to be published. From any thread.
    public Map<StatisticKind, Finished> finished() {
        return finished;
    }

    /// Goes on telling what was counted before a restart; what was finished since is newer. Where a kind is not wanted,
    /// [#follow] forgets it again.
    public void restore(StatisticKind kind, Finished counted) {
        if (!finished.containsKey(kind)) {
            tell(kind, counted);
        }
    }

    /// Whether documents tell anything at all of the relay's traffic. From any thread.
    public boolean tells() {
        return told;
    }

    /// The lines of a document that is published now. From any thread.
    ///
    /// @param relayedBytesPerSecondMax what the relay's limit lets it relay; `Long.MAX_VALUE` where it has none
    public List<String> extraInfoLines(long relayedBytesPerSecondMax) {
        if (!told) {
            return List.of();
        }
        Instant now = world.clock().instant();
        List<String> lines = new ArrayList<>(
                HistoryLines.published(bandwidth, now, world.ticker().nanoTime(), relayedBytesPerSecondMax));
        Map<StatisticKind, Finished> told = finished;
        for (StatisticKind kind : StatisticKind.values()) {
            Finished one = told.get(kind);
            if (one != null
                    && !one.end().isBefore(now.minus(TOLD_FOR))
                    && !one.end().isAfter(now.plus(AHEAD))) {
                lines.addAll(one.lines());
            }
        }
        return lines;
    }

    private void tell(StatisticKind kind, @Nullable Finished counted) {
        Map<StatisticKind, Finished> next = new EnumMap<>(StatisticKind.class);
        next.putAll(finished);
        if (counted == null) {
            next.remove(kind);
        } else {
            next.put(kind, counted);
        }
        finished = Map.copyOf(next);
    }

    private Statistic make(StatisticKind kind) {
        return switch (kind) {
            case DIRECTORY_REQUESTS -> new DirectoryRequests(world.entropy());
            case ONION_SERVICES_V2 -> OnionServiceActivity.ofVersion2(world.entropy());
            case ONION_SERVICES -> OnionServiceActivity.ofVersion3(world.entropy());
            case ENTRIES -> new EntryAddresses(world.entropy());
            case CELLS -> new CellWaits(world.entropy(), () -> openCircuits.run());
            case EXIT_PORTS -> new ExitPorts();
            case LINK_DIRECTIONS -> new LinkDirections();
            case PADDING -> padding;
        };
    }

    private void use(StatisticKind kind, @Nullable Statistic statistic) {
        switch (kind) {
            case DIRECTORY_REQUESTS -> directoryRequests = (DirectoryRequests) statistic;
            case ONION_SERVICES -> onionServices = (OnionServiceActivity) statistic;
            case ENTRIES -> entries = (EntryAddresses) statistic;
            case CELLS -> cells = (CellWaits) statistic;
            case EXIT_PORTS -> exitPorts = (ExitPorts) statistic;
            case LINK_DIRECTIONS -> linkDirections = (LinkDirections) statistic;
            case ONION_SERVICES_V2, PADDING -> {}
        }
    }

    /// Shorter periods are for testing networks, which have no noon.
    private Duration untilBegin(StatisticKind kind) {
        if (kind != StatisticKind.ONION_SERVICES || period.compareTo(PERIOD) < 0) {
            return Duration.ZERO;
        }
        LocalTime time = LocalTime.ofInstant(world.clock().instant(), ZoneOffset.UTC);
        Duration until = Duration.between(time, NOON);
        return until.isPositive() ? until : until.plusDays(1);
    }
}
