package sallyport.supervisor.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.host.Refused;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.limits.BandwidthBudget;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Shedding;
import sallyport.engine.world.Log;
import sallyport.supervisor.admin.Answer.Outcome;
import sallyport.supervisor.budget.DiskUse;

/// What each request of the control socket does: `docs/control.md`. Thread-safe.
public final class ControlVerbs {
    /// How long circuits may go on where nobody says otherwise: most are idle and over by then.
    public static final Duration DRAIN_DEFAULT = Duration.ofMinutes(10);
    // Ours: a circuit of C tor lives a day at most where somebody uses it.
    static final Duration DRAIN_MAX = Duration.ofDays(1);

    // Ours: long enough to see something happen twice; whoever forgets it does not fill his disk.
    private static final Duration LOG_DEFAULT = Duration.ofMinutes(10);
    private static final Duration LOG_MAX = Duration.ofHours(1);

    // As many relays as a group may have.
    private static final int BATCH_MAX = 1_000;

    private static final String LIMIT = "limit_seconds";
    private static final String RELAYS = "relays";

    private final ProcessFacts process;
    private final Operations operations;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Log log;
    private final RateWatch rates = new RateWatch();
    private final RollingRestart restarting;

    /// What does not change while the process runs.
    ///
    /// @param configuration its file
    public record ProcessFacts(String version, long pid, String configuration, boolean testing) {}

    /// One change of one relay.
    @FunctionalInterface
    private interface Act {
        void on(String relay) throws Refused, InterruptedException;
    }

    public ControlVerbs(ProcessFacts process, Operations operations, InstantSource clock, LongSupplier nanos, Log log) {
        this.process = process;
        this.operations = operations;
        this.clock = clock;
        this.nanos = nanos;
        this.log = log;
        this.restarting = new RollingRestart(operations, nanos, log);
    }

    /// The answer to one line, as one line. A request that cannot be done is answered, too.
    String answer(String request) throws InterruptedException {
        Map<String, @Nullable Object> asked;
        try {
            asked = Json.read(request);
        } catch (IOException e) {
            return Answer.error(Outcome.ERROR, "the request is not one JSON object in one line");
        }
        if (!Long.valueOf(Answer.SCHEMA).equals(asked.get("schema"))) {
            return Answer.error(
                    Outcome.ERROR,
                    "schema must be " + Answer.SCHEMA + "; the running sallyport is " + process.version());
        }
        try {
            return Json.write(answer(asked));
        } catch (BadRequest e) {
            return Answer.error(Outcome.ERROR, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            log.error(
                    "",
                    "bug: " + e.getClass().getName() + " at " + (trace.length == 0 ? "?" : trace[0])
                            + "; one request of the control socket was not done");
            return Answer.error(Outcome.ERROR, "a fault of ours, see the log");
        }
    }

    private Map<String, @Nullable Object> answer(Map<String, @Nullable Object> asked)
            throws BadRequest, InterruptedException {
        return switch (asked.get("verb") instanceof String verb ? verb : "") {
            case "status" -> status();
            case "relay" -> relay(asked);
            case "start" -> each(asked, "starts", operations::start);
            case "stop" -> each(asked, "has stopped", operations::stop);
            case "drain" -> {
                Duration limit = limit(asked);
                yield each(asked, "drains, " + limit.toSeconds() + " s at most", id -> operations.drain(id, limit));
            }
            case "restart" -> restart(asked);
            case "log" -> log(asked);
            case "apply" -> apply(asked);
            case "progress" -> progress();
            default ->
                throw new BadRequest(
                        "verb must be one of status, relay, start, stop, drain, restart, log, apply, progress");
        };
    }

    private Map<String, @Nullable Object> status() throws InterruptedException {
        List<InstanceReport> reports = reports();
        List<Map<String, @Nullable Object>> relays = new ArrayList<>();
        boolean findings = false;
        for (InstanceReport report : reports) {
            relays.add(RelayJson.of(report, rates.of(report.status().id()), clock.instant()));
            findings |= !RelayJson.findings(report).isEmpty();
        }
        Map<String, @Nullable Object> answer = Answer.of(findings ? Outcome.FINDINGS : Outcome.OK);
        answer.put("time", clock.instant());
        answer.put("process", process(operations.host(), operations.loops(), operations.disk()));
        answer.put("restarting", restarting.progress());
        answer.put("applying", operations.applying().map(ApplyJson::of).orElse(null));
        answer.put(RELAYS, relays);
        return answer;
    }

    private Map<String, @Nullable Object> process(HostReport host, List<LoopReport> loops, DiskUse disk) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("version", process.version());
        object.put("pid", process.pid());
        object.put("configuration", process.configuration());
        object.put("network", process.testing() ? "testing" : "public");
        object.put("memory_bytes", host.memoryBytesHeld());
        object.put("memory_bytes_max", host.memoryBytesMax());
        object.put("sockets_max", host.fdsMax());
        object.put("sockets_common_free", host.fdsFree());
        object.put("circuits_max", host.circuitsMax());
        object.put("circuits_common_free", host.circuitsFree());
        object.put("loops", host.loops());
        object.put(
                "loop_lag_micros",
                loops.stream()
                        .map(loop -> TimeUnit.NANOSECONDS.toMicros(loop.lagNanos()))
                        .toList());
        Rate bandwidth = host.sharing().bandwidth();
        boolean limited = !bandwidth.equals(BandwidthBudget.NO_LIMIT);
        object.put("bandwidth_bytes_per_second", limited ? bandwidth.bytesPerSecond() : null);
        object.put("bandwidth_burst_bytes", limited ? bandwidth.burstBytes() : null);
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        disk.bytes().forEach((part, bytes) -> parts.put(part.word().replace('-', '_'), bytes));
        object.put("disk_bytes", parts);
        object.put("disk_directory_cache_bytes_max", host.directoryCacheMaxBytes());
        object.put("disk_free_bytes", disk.freeBytes());
        object.put("shedding", Shedding.words(host.sharing().shedding()));
        object.put("consensus_valid_after", host.consensusValidAfter().orElse(null));
        object.put("consensus_valid_until", host.consensusValidUntil().orElse(null));
        return object;
    }

    private Map<String, @Nullable Object> relay(Map<String, @Nullable Object> asked)
            throws BadRequest, InterruptedException {
        List<String> wanted = relays(asked);
        Map<String, @Nullable Object> answer = Answer.of(Outcome.OK);
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (InstanceReport report : reports()) {
            if (wanted.contains(report.status().id())) {
                found.add(RelayJson.inFull(report, rates.of(report.status().id()), clock.instant()));
            }
        }
        answer.put("time", clock.instant());
        answer.put(RELAYS, found);
        return answer;
    }

    private Map<String, @Nullable Object> each(Map<String, @Nullable Object> asked, String done, Act act)
            throws BadRequest, InterruptedException {
        List<String> wanted = relays(asked);
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        int refused = 0;
        for (String id : wanted) {
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            result.put("id", id);
            try {
                act.on(id);
                result.put("outcome", Outcome.OK.word());
                result.put("message", done);
                log.info(id, "asked by the operator: " + done);
            } catch (Refused e) {
                refused++;
                result.put("outcome", Outcome.REFUSED.word());
                result.put("message", String.valueOf(e.getMessage()));
            } catch (IllegalArgumentException e) {
                // A reload removed it since we looked.
                refused++;
                result.put("outcome", Outcome.REFUSED.word());
                result.put("message", "it is no longer there");
            }
            results.add(result);
        }
        Map<String, @Nullable Object> answer = Answer.of(outcome(wanted.size(), refused));
        answer.put(RELAYS, results);
        return answer;
    }

    private static Outcome outcome(int asked, int refused) {
        if (refused == 0) {
            return Outcome.OK;
        }
        return refused == asked ? Outcome.REFUSED : Outcome.PARTIAL;
    }

    private Map<String, @Nullable Object> restart(Map<String, @Nullable Object> asked)
            throws BadRequest, InterruptedException {
        List<String> wanted = relays(asked);
        Duration limit = limit(asked);
        Map<String, @Nullable Object> answer;
        if (restarting.begin(wanted, limit)) {
            answer = Answer.of(Outcome.OK);
            answer.put("restarting", restarting.progress());
        } else {
            answer = Answer.of(Outcome.REFUSED);
            answer.put("message", "another restart is under way; wait until it is done");
        }
        return answer;
    }

    private Map<String, @Nullable Object> log(Map<String, @Nullable Object> asked) throws BadRequest {
        Log.Level level = Stream.of(Log.Level.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(asked.get("level")))
                .findFirst()
                .orElseThrow(() -> new BadRequest("level must be one of error, warn, info, debug"));
        Duration duration = seconds(asked, "for_seconds", LOG_DEFAULT, LOG_MAX);
        Object room = asked.get("room");
        if (room != null && !LogRooms.NAMES.contains(room)) {
            throw new BadRequest("room must be one of " + String.join(", ", LogRooms.NAMES));
        }
        String done = "the log holds " + asked.get("level") + " and above" + (room == null ? "" : " of room " + room)
                + " for " + duration.toSeconds() + " s";
        if (room == null) {
            operations.logFrom(level, duration);
        } else {
            operations.logFrom(room.toString(), level, duration);
        }
        log.warn("", "asked by the operator: " + done);
        Map<String, @Nullable Object> answer = Answer.of(Outcome.OK);
        answer.put("done", done);
        return answer;
    }

    private Map<String, @Nullable Object> apply(Map<String, @Nullable Object> asked) throws BadRequest {
        OptionalInt batch = OptionalInt.empty();
        if (asked.get("batch") instanceof Long number && number >= 1 && number <= BATCH_MAX) {
            batch = OptionalInt.of(number.intValue());
        } else if (asked.get("batch") != null) {
            throw new BadRequest("batch must be a whole number from 1 to " + BATCH_MAX);
        }
        Optional<Duration> drain = asked.get(LIMIT) == null ? Optional.empty() : Optional.of(limit(asked));
        log.info("", "asked by the operator: takes over what was applied");
        Map<String, @Nullable Object> answer = Answer.of(Outcome.OK);
        answer.put("attempt", operations.apply(new ApplyWish(batch, drain)));
        return answer;
    }

    private Map<String, @Nullable Object> progress() {
        Map<String, @Nullable Object> answer = Answer.of(Outcome.OK);
        answer.put("applying", operations.applying().map(ApplyJson::of).orElse(null));
        return answer;
    }

    /// All relays as they are now; the rates look with us.
    private List<InstanceReport> reports() throws InterruptedException {
        List<InstanceReport> reports = operations.relays();
        rates.look(reports, nanos.getAsLong());
        return reports;
    }

    /// The ids that the request names, each of a relay that is there.
    private List<String> relays(Map<String, @Nullable Object> asked) throws BadRequest, InterruptedException {
        if (!(asked.get(RELAYS) instanceof List<?> list) || list.isEmpty()) {
            throw new BadRequest("relays must be a list of ids");
        }
        List<String> known =
                operations.relays().stream().map(report -> report.status().id()).toList();
        List<String> wanted = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof String id) || !known.contains(id)) {
                throw new BadRequest("no relay " + each + "; the relays are " + String.join(", ", known));
            }
            if (!wanted.contains(id)) {
                wanted.add(id);
            }
        }
        return wanted;
    }

    private static Duration limit(Map<String, @Nullable Object> asked) throws BadRequest {
        return seconds(asked, LIMIT, DRAIN_DEFAULT, DRAIN_MAX);
    }

    private static Duration seconds(
            Map<String, @Nullable Object> asked, String field, Duration otherwise, Duration most) throws BadRequest {
        Object seconds = asked.get(field);
        if (seconds == null) {
            return otherwise;
        }
        if (!(seconds instanceof Long number) || number < 0 || number > most.toSeconds()) {
            throw new BadRequest(field + " must be a whole number from 0 to " + most.toSeconds());
        }
        return Duration.ofSeconds(number);
    }

    /// The message is for whoever asked.
    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1;

        BadRequest(String message) {
            super(message);
        }
    }
}
