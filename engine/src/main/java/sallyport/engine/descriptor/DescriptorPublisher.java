package sallyport.engine.descriptor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.UploadResult;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// Keeps the authorities informed about one relay: decides when, builds, uploads, tries failed authorities
/// again, and looks for the relay in the consensus. [#start] runs it as a control task; the other methods
/// may be called from any thread.
public final class DescriptorPublisher {
    private static final String ONION_ROTATION = "onion-key-rotation-days";
    private static final int ONION_ROTATION_DAYS_MAX = 90;
    // Ours: some reasons for each of the public network's nine authorities. The texts are theirs, so one that never
    // repeats itself must fill neither memory nor the log.
    static final int TOLD_REFUSALS_MAX = 64;

    private final World world;
    private final String relay;
    private final RelayKeys keys;
    private final Supplier<DescriptorSpec> spec;
    private final RelayStatistics statistics;
    private final Overload overload;
    private final DirectoryStore directory;
    private final DescriptorUpload upload;
    private final PublishingRules rules;

    private final AtomicReference<@Nullable String> changed = new AtomicReference<>();
    // Replaced before each look around: news that come during it end the rest that follows at once.
    private volatile CompletableFuture<Void> wake = new CompletableFuture<>();
    private volatile boolean reachable;
    private volatile boolean asleep;
    private volatile long startNanos;
    private volatile PublisherStatus status = PublisherStatus.NONE;
    private volatile Runnable whenAccepted = () -> {};
    private volatile Elsewhere elsewhere = new Elsewhere(_ -> false);
    private volatile Predicate<String> whenElsewhere = _ -> true;

    // Written by the task alone.
    private volatile @Nullable ServerDescriptor last;
    // Below: the task alone.
    private SortedSet<String> lastFamily = Collections.emptySortedSet();
    private List<RelayAddress> lastPlaces = List.of();
    // As of the look before.
    private SortedSet<String> seenFamily = Collections.emptySortedSet();
    private String lastReason = "";
    private final Set<String> missing = new HashSet<>();
    private int failures;
    private @Nullable Instant retryAt;
    private int accepted;
    private int asked;
    private @Nullable Held held;
    private boolean toldPublished;
    private boolean toldExpired;
    private boolean toldListed;
    private boolean toldUnreachable;
    private String toldTooLong = "";
    private final Set<String> toldRefusals = new HashSet<>();

    /// The newest descriptor that most authorities have, and the places that it names.
    private record Held(List<RelayAddress> from, Instant published) {}

    /// @param relay our id, for the log
    /// @param spec asked each time: a change takes effect after [#changed]
    /// @param testing in a private network nobody can prove reachability before the first consensus
    public DescriptorPublisher(
            World world,
            String relay,
            RelayKeys keys,
            Supplier<DescriptorSpec> spec,
            RelayStatistics statistics,
            Overload overload,
            DirectoryStore directory,
            DescriptorUpload upload,
            boolean testing) {
        this.world = world;
        this.relay = relay;
        this.keys = keys;
        this.spec = spec;
        this.statistics = statistics;
        this.overload = overload;
        this.directory = directory;
        this.upload = upload;
        this.rules = testing ? PublishingRules.TESTING : PublishingRules.PUBLIC_NETWORK;
        this.startNanos = world.ticker().nanoTime();
    }

    /// Starts the task; it runs until cancelled.
    public Tasks.Task start() {
        return world.tasks().start("publish " + relay, () -> {
            while (true) {
                wake = new CompletableFuture<>();
                step();
                rest();
            }
        });
    }

    /// Somebody built a circuit to us over a link that they opened: from now on the relay is published.
    public void reachable() {
        if (!reachable) {
            reachable = true;
            wakeUp();
        }
    }

    /// What the descriptor says is no longer true: keys, policy, contact or address changed. Publishes at
    /// once.
    /// @param reason a constant text, sent to the authorities
    public void changed(String reason) {
        changed.set(reason);
        wakeUp();
    }

    /// The relay listens elsewhere now: what was proved is about the old address, and uptime counts anew,
    /// as in C tor.
    public void moved() {
        reachable = false;
        startNanos = world.ticker().nanoTime();
    }

    /// The relay carries nothing until [#wokeUp]: what it has to say about that is published, and then no
    /// more.
    public void fellAsleep() {
        asleep = true;
    }

    /// The relay works again; uptime counts anew, as in C tor.
    public void wokeUp() {
        asleep = false;
        startNanos = world.ticker().nanoTime();
    }

    /// What was published last, or is about to be; null before.
    public @Nullable ServerDescriptor current() {
        return last;
    }

    /// Who hears, on the publisher's task, each time that authorities have taken a descriptor. Before
    /// [#start].
    public void whenAccepted(Runnable listener) {
        whenAccepted = listener;
    }

    /// Who hears, on the publisher's task and before anything is published, at each look that finds the
    /// relay's keys in use elsewhere. Before [#start].
    ///
    /// @param listener gets how that shows, in words, and says whether the relay is published all the same
    public void whenElsewhere(OwnKeysProbe probe, Predicate<String> listener) {
        elsewhere = new Elsewhere(probe);
        whenElsewhere = listener;
    }

    public PublisherStatus status() {
        return status;
    }

    /// One look around: publishes what is due, tries again where it failed, and notes what the consensus
    /// says.
    void step() throws InterruptedException {
        Instant now = world.clock().instant();
        Optional<Consensus> consensus = directory.consensus().filter(it -> it.isLive(now));
        KnownRelay listed =
                consensus.isPresent() ? directory.index().byRsa(keys.identity().rsaDigest()) : null;
        String rival = consensus.isPresent() && listed != null ? rival(consensus.get(), listed) : null;
        if (rival != null && !whenElsewhere.test(rival)) {
            return;
        }
        String reason = rules.due(new PublishingRules.Known(
                now,
                uptime(),
                reachable,
                changeSinceLast(),
                last,
                spec.get().hibernating() ? 0 : statistics.bandwidth().observedBytesPerSecond(),
                consensus.map(it -> listing(it, listed)).orElse(null)));
        if (asleep && (last == null || changed.get() == null) && retryAt == null) {
            // Nobody needs to hear of a relay that carries nothing.
        } else if (!canSign(now)) {
            // Nobody would believe it. A renewed key comes with `changed`, or is found at the next look.
        } else if (reason != null) {
            publish(reason, now);
        } else if (last != null && retryAt != null && !now.isBefore(retryAt)) {
            deliver(last, lastReason, now);
        }
        notePublishedAndReachable();
        noteListing(consensus.isPresent(), listed);
    }

    /// How it shows that another host uses our keys; null where it does not.
    private @Nullable String rival(Consensus consensus, KnownRelay listed) throws InterruptedException {
        DescriptorSpec here = spec.get();
        Held before = held;
        return elsewhere.look(
                consensus,
                listed.orAddresses(),
                here.orAddresses(),
                before == null || !before.from().equals(here.orAddresses()) ? null : before.published());
    }

    /// Whether the signing key is still certified; says once when it is not any more.
    private boolean canSign(Instant now) {
        boolean can = now.isBefore(keys.signingKeyExpires());
        if (!can && !toldExpired) {
            world.log()
                    .error(
                            relay,
                            "no longer published: its signing key ended at " + keys.signingKeyExpires()
                                    + "; renew it where the master key is, with `sallyport identity renew`, copy it"
                                    + " here and send SIGHUP");
        }
        toldExpired = !can;
        return can;
    }

    /// Members of a family come and go without telling us: what is declared is compared at every look. As
    /// long as there is another member each time we look, as when a fleet starts, we wait for the last.
    private @Nullable String changeSinceLast() {
        SortedSet<String> family = spec.get().family();
        boolean rests = family.equals(seenFamily);
        seenFamily = family;
        String told = changed.get();
        return told == null && last != null && rests && !family.equals(lastFamily) ? "family changed" : told;
    }

    private void publish(String reason, Instant now) throws InterruptedException {
        // Taken before building: a change that comes in between is published next time.
        changed.set(null);
        DescriptorSpec said = spec.get();
        ServerDescriptor fresh;
        try {
            fresh = build(said, now);
            toldTooLong = "";
        } catch (DescriptorTooLong e) {
            noteTooLong(String.valueOf(e.getMessage()));
            return;
        }
        last = fresh;
        lastFamily = said.family();
        lastPlaces = said.orAddresses();
        lastReason = reason;
        missing.clear();
        failures = 0;
        accepted = 0;
        asked = 0;
        deliver(fresh, reason, now);
    }

    /// What the authorities hold stays in force; said once for as long as it is the same.
    private void noteTooLong(String why) {
        if (!toldTooLong.equals(why)) {
            toldTooLong = why;
            world.log().error(relay, (last == null ? "not published: " : "the old descriptor stays: ") + why);
        }
    }

    private ServerDescriptor build(DescriptorSpec said, Instant now) throws DescriptorTooLong {
        ServerDescriptor before = last;
        Instant published = now.truncatedTo(ChronoUnit.SECONDS);
        if (before != null && !published.isAfter(before.published())) {
            // Authorities keep the newest; two of one second would be one.
            published = before.published().plusSeconds(1);
        }
        int onionDays =
                directory.parameters().get(ONION_ROTATION, 1, ONION_ROTATION_DAYS_MAX, RelayKeys.ONION_ROTATION_DAYS);
        return DescriptorBuilder.build(
                said,
                keys.signing(),
                new DescriptorBuilder.Moment(
                        published,
                        uptime(),
                        onionDays,
                        statistics.bandwidth().observedBytesPerSecond(),
                        extraInfoLines(said),
                        overload.seen().general()));
    }

    private List<String> extraInfoLines(DescriptorSpec said) {
        Rate relayed = said.bandwidth().relayed();
        List<String> lines = new ArrayList<>(
                statistics.extraInfoLines(relayed.isUnlimited() ? Long.MAX_VALUE : relayed.bytesPerSecond()));
        if (statistics.tells()) {
            Rate limit = said.bandwidth().all();
            lines.addAll(overload.extraInfoLines(limit.bytesPerSecond(), limit.burstBytes()));
        }
        return lines;
    }

    /// Uploads to all authorities, or after a failure to those that have not got it yet.
    private void deliver(ServerDescriptor descriptor, String reason, Instant now) throws InterruptedException {
        boolean first = asked == 0;
        Set<String> wanted = Set.copyOf(missing);
        List<UploadResult> results =
                upload.upload(descriptor.upload(), reason, authority -> first || wanted.contains(nameOf(authority)));
        if (first) {
            asked = results.size();
        }
        for (UploadResult result : results) {
            String name = nameOf(result.authority());
            switch (result.outcome()) {
                case ACCEPTED, NOT_NEW -> {
                    accepted++;
                    missing.remove(name);
                }
                case REFUSED -> {
                    // It would refuse the same text again: the operator has to know, a retry does not help.
                    missing.remove(name);
                    noteRefusal(result);
                }
                case UNREACHABLE -> missing.add(name);
            }
        }
        failures = missing.isEmpty() ? 0 : failures + 1;
        retryAt =
                missing.isEmpty() ? null : now.plus(rules.pauseAfter(failures)).plusMillis(jitterMillis());
        if (2 * accepted > asked) {
            held = new Held(lastPlaces, descriptor.published());
        }
        status = new PublisherStatus(descriptor.published(), accepted, asked, status.flags());
        noteUnreachableAuthorities();
        if (accepted > 0) {
            whenAccepted.run();
        }
    }

    private void noteUnreachableAuthorities() {
        if (accepted == 0) {
            if (!toldUnreachable && !missing.isEmpty()) {
                toldUnreachable = true;
                world.log()
                        .warn(
                                relay,
                                "not published: none of " + asked
                                        + " authorities could be reached; trying again, check the network");
            }
            return;
        }
        toldUnreachable = false;
    }

    /// One line, once both are known: the authorities have the descriptor, and somebody was seen to reach
    /// us.
    private void notePublishedAndReachable() {
        if (reachable && accepted > 0 && !toldPublished) {
            toldPublished = true;
            world.log()
                    .info(relay, "published and reachable: accepted by " + accepted + " of " + asked + " authorities");
        }
    }

    private void noteRefusal(UploadResult result) {
        if (toldRefusals.size() < TOLD_REFUSALS_MAX && toldRefusals.add(nameOf(result.authority()) + result.reason())) {
            world.log().warn(relay, "authority " + result.authority().nickname() + " refused us: " + result.reason());
        }
    }

    private void noteListing(boolean live, @Nullable KnownRelay listed) {
        if (!live) {
            return;
        }
        Set<String> flags = listed == null ? Set.of() : new TreeSet<>(listed.flags());
        if (!flags.equals(status.flags())) {
            status = new PublisherStatus(status.published(), status.accepted(), status.authorities(), flags);
        }
        if (listed != null && !toldListed) {
            toldListed = true;
            world.log().info(relay, "listed in the consensus: " + String.join(" ", flags));
        } else if (listed == null && toldListed) {
            toldListed = false;
            world.log().warn(relay, "no longer listed in the consensus; check that the relay can be reached");
        }
    }

    private PublishingRules.Listing listing(Consensus consensus, @Nullable KnownRelay listed) {
        boolean stale = listed != null
                && listed.flags().contains("StaleDesc")
                && last != null
                && consensus.validAfter().isAfter(last.published());
        return new PublishingRules.Listing(listed != null, stale);
    }

    private Duration uptime() {
        return Duration.ofNanos(world.ticker().nanoTime() - startNanos);
    }

    /// Sleeps until the next look, or until somebody has news.
    private void rest() throws InterruptedException {
        Duration pause = rules.check();
        Instant retry = retryAt;
        if (retry != null) {
            Duration untilRetry = Duration.between(world.clock().instant(), retry);
            pause = untilRetry.compareTo(pause) < 0 ? untilRetry : pause;
        }
        if (!reachable && last == null && rules.unproven() != null) {
            Duration untilUnproven = rules.unproven().minus(uptime());
            pause = untilUnproven.compareTo(pause) < 0 ? untilUnproven : pause;
        }
        try {
            world.tasks().await(wake, pause.isPositive() ? pause : Duration.ofMillis(1));
        } catch (TimeoutException e) {
            // Time for the next look.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wake-up that failed", e);
        }
    }

    private void wakeUp() {
        wake.complete(null);
    }

    /// Up to a tenth of the pause, so that many relays of one host do not come back together.
    private long jitterMillis() {
        return world.entropy().jitter(Math.max(1, rules.pauseAfter(failures).toMillis() / 10));
    }

    private static String nameOf(Authority authority) {
        return Hex.upper(authority.rsaDigest());
    }
}
