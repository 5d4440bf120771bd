package sallyport.supervisor.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;

/// One relay in an answer. What we believe of it and what the consensus says stand side by side.
final class RelayJson {
    /// What a consensus says of relays that it warns of.
    private static final List<String> BAD_FLAGS = List.of("BadExit", "MiddleOnly", "Sybil");

    private RelayJson() {}

    /// @param rates bytes a second, as far as they are known
    static Map<String, @Nullable Object> of(InstanceReport report, @Nullable Rates rates, Instant now) {
        InstanceStatus status = report.status();
        Map<String, @Nullable Object> relay = new LinkedHashMap<>();
        relay.put("id", status.id());
        relay.put("nickname", status.nickname());
        relay.put("fingerprint", status.fingerprint());
        relay.put(
                "addresses", report.orAddresses().stream().map(Object::toString).toList());
        relay.put("state", status.state().word());
        relay.put("place", place(status.state()));
        relay.put("since", status.since());
        relay.put("until", until(status.state()));
        relay.put("why", why(status.state()));
        relay.put(
                "uptime_seconds",
                status.state().isOver()
                        ? 0L
                        : Duration.between(report.started(), now).toSeconds());
        relay.put("load", report.load().map(load -> load(load, rates)).orElse(null));
        relay.put("published", published(report.publishing()));
        relay.put("consensus", report.listing().map(RelayJson::listing).orElse(null));
        relay.put(
                "first_seen",
                report.firstSeen().map(InstanceReport.FirstSeen::listed).orElse(null));
        relay.put(
                "first_seen_not_before",
                report.firstSeen().flatMap(InstanceReport.FirstSeen::notBefore).orElse(null));
        relay.put("overloaded", report.overloaded().orElse(null));
        relay.put("signing_key_expires", report.signingKeyExpires().orElse(null));
        relay.put("own_bugs", report.ownBugs());
        relay.put("findings", findings(report));
        return relay;
    }

    /// The same with what peers did wrong.
    static Map<String, @Nullable Object> inFull(InstanceReport report, @Nullable Rates rates, Instant now) {
        Map<String, @Nullable Object> relay = of(report, rates, now);
        relay.put("faults_of_peers", report.status().faults());
        Map<String, @Nullable Object> tallies = new LinkedHashMap<>();
        report.tallies().forEach((tally, count) -> tallies.put(tally.name().toLowerCase(Locale.ROOT), count));
        relay.put("tallies", tallies);
        return relay;
    }

    /// What an operator should look at, in words, the worst first.
    static List<String> findings(InstanceReport report) {
        List<String> findings = new ArrayList<>();
        InstanceState state = report.status().state();
        if (state instanceof InstanceState.Failed || state instanceof InstanceState.Quarantined) {
            findings.add(state.word() + ": " + why(state));
        }
        report.listing().ifPresent(listing -> {
            BAD_FLAGS.stream()
                    .filter(listing.flags()::contains)
                    .forEach(flag -> findings.add("the consensus says " + flag));
            if (!listing.isListed() && state instanceof InstanceState.Published) {
                findings.add("published, and not in the consensus");
            }
        });
        report.overloaded().ifPresent(hour -> findings.add("overloaded in the hour from " + hour));
        if (!state.isOver()
                && !(state instanceof InstanceState.Starting)
                && report.load().isEmpty()) {
            findings.add("its event loop does not answer");
        }
        return findings;
    }

    private static Map<String, @Nullable Object> load(InstanceReport.Load load, @Nullable Rates rates) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("links", load.links());
        object.put("circuits", load.circuits());
        object.put("streams", load.streams());
        object.put("exit_connections", load.exitConnections());
        object.put("sockets", load.fds());
        object.put("read_bytes", load.bytesRead());
        object.put("written_bytes", load.bytesWritten());
        object.put("read_bytes_per_second", rates == null ? null : rates.readPerSecond());
        object.put("written_bytes_per_second", rates == null ? null : rates.writtenPerSecond());
        object.put("memory_bytes", load.memoryBytesHeld());
        Map<String, @Nullable Object> memory = new LinkedHashMap<>();
        load.memoryBytes().forEach((kind, bytes) -> memory.put(kind.name().toLowerCase(Locale.ROOT), bytes));
        object.put("memory", memory);
        Map<String, @Nullable Object> shares = new LinkedHashMap<>();
        shares.put("sockets_guaranteed", load.shares().fdsGuaranteed());
        shares.put("sockets_borrowed", load.shares().fdsBorrowed());
        shares.put("circuits_guaranteed", load.shares().circuitsGuaranteed());
        shares.put("circuits_borrowed", load.shares().circuitsBorrowed());
        shares.put("bandwidth_bytes_per_second", load.shares().bandwidthBytesPerSecond());
        object.put("shares", shares);
        return object;
    }

    private static Map<String, @Nullable Object> published(InstanceReport.Publishing publishing) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("at", publishing.published().orElse(null));
        object.put("accepted", publishing.accepted());
        object.put("authorities", publishing.authorities());
        return object;
    }

    private static Map<String, @Nullable Object> listing(InstanceReport.Listing listing) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("listed", listing.isListed());
        object.put("flags", List.copyOf(listing.flags()));
        object.put("weight_kb", listing.weightKb());
        return object;
    }

    private static @Nullable Long place(InstanceState state) {
        return state instanceof InstanceState.Starting(int place) && place > 0 ? (long) place : null;
    }

    private static @Nullable Instant until(InstanceState state) {
        return switch (state) {
            case InstanceState.Hibernating(boolean _, Instant until) -> until;
            case InstanceState.Draining(Instant until) -> until;
            default -> null;
        };
    }

    private static @Nullable String why(InstanceState state) {
        return switch (state) {
            case InstanceState.Failed(String why) -> why;
            case InstanceState.Quarantined(String why) -> why;
            default -> null;
        };
    }

    /// How fast it carries.
    record Rates(long readPerSecond, long writtenPerSecond) {}
}
