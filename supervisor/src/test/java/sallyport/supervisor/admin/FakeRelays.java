package sallyport.supervisor.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sallyport.engine.accounting.Tally;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceReport.Connections;
import sallyport.engine.instance.InstanceReport.FirstSeen;
import sallyport.engine.instance.InstanceReport.Listing;
import sallyport.engine.instance.InstanceReport.Load;
import sallyport.engine.instance.InstanceReport.Publishing;
import sallyport.engine.instance.InstanceReport.Shares;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Sharing;
import sallyport.engine.limits.Shedding;
import sallyport.engine.world.Log;
import sallyport.engine.world.Workers;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.fleet.RolloutProgress;

/// Relays that do at once what they are asked for; requests are kept.
public final class FakeRelays implements Operations {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    final List<String> asked = new ArrayList<>();
    private final Map<String, InstanceReport> relays = new LinkedHashMap<>();

    /// A published relay that has carried so much in each direction.
    public synchronized void put(String id, InstanceState state, long bytes, String... flags) {
        relays.put(
                id,
                new InstanceReport(
                        new InstanceStatus(id, id + "nick", "A".repeat(40), state, NOW, 7, Map.of("bad cell", 3L)),
                        Instant.parse("2026-11-22T09:00:00Z"),
                        List.of(),
                        state.isOver()
                                ? Optional.empty()
                                : Optional.of(new Load(
                                        5,
                                        7,
                                        2,
                                        1,
                                        new Connections(1, 0, 4, 0, 1, 0),
                                        6,
                                        bytes,
                                        2 * bytes,
                                        Map.of(MemoryKind.CELLS, 1500L),
                                        new Shares(100, 3, 50, 0, 1 << 20, Map.of(MemoryKind.DNS, 70L), 4, 2))),
                        new Publishing(Optional.of(NOW), 3, 3),
                        Optional.of(new Listing(Set.of(flags), flags.length == 0 ? 0 : 1200)),
                        Optional.of(new FirstSeen(NOW.minusSeconds(86_400), Optional.of(NOW.minusSeconds(90_000)))),
                        Optional.empty(),
                        Optional.of(NOW.plusSeconds(86_400)),
                        0,
                        Map.of(Tally.STREAM_BEGIN, 4L)));
    }

    @Override
    public HostReport host() {
        return new HostReport(
                1 << 20,
                1 << 30,
                4096,
                77,
                1000,
                500,
                2,
                Map.of(Workers.Kind.BULK, 6),
                true,
                false,
                new Sharing(new Rate(10 << 20, 10 << 20), Shedding.DEFAULT),
                512 << 20,
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(10_800)));
    }

    @Override
    public DiskUse disk() {
        return new DiskUse(Map.of(DiskUse.Part.APPLIED, 3000L), 1L << 33);
    }

    @Override
    public List<LoopReport> loops() {
        return List.of(new LoopReport(1_500_000, 3, 40));
    }

    @Override
    public synchronized List<InstanceReport> relays() {
        return List.copyOf(relays.values());
    }

    @Override
    public synchronized void logFrom(Log.Level level, Duration duration) {
        asked.add("log " + level + " " + duration.toSeconds());
    }

    @Override
    public synchronized void logFrom(String room, Log.Level level, Duration duration) {
        asked.add("log " + room + " " + level + " " + duration.toSeconds());
    }

    @Override
    public synchronized long apply(ApplyWish wish) {
        asked.add("apply " + wish);
        return asked.size();
    }

    @Override
    public Optional<RolloutProgress> applying() {
        return Optional.of(RolloutProgress.refused(1, 7, "nothing to see"));
    }

    @Override
    public void start(String relay) {
        note("start " + relay);
    }

    @Override
    public void stop(String relay) {
        note("stop " + relay);
    }

    @Override
    public void drain(String relay, Duration limit) {
        note("drain " + relay + " " + limit.toSeconds());
    }

    @Override
    public void restart(String relay, Duration limit) {
        note("restart " + relay + " " + limit.toSeconds());
    }

    private synchronized void note(String request) {
        String id = request.split(" ", -1)[1];
        if (relays.remove(id + "-gone") != null) {
            throw new IllegalArgumentException("no relay " + id);
        }
        asked.add(request);
    }
}
