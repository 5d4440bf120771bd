package sallyport.engine.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.World;

/// Asks for names that do not exist, and for some that do, to find out whether the name servers lie. Names, numbers and
/// times are C tor's; in a testing network the times are short.
public final class HijackProbe {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int NAMES_A_SUFFIX = 2;
    // A question lives for 300 seconds at most.
    private static final Duration ANSWERS_LIMIT = Duration.ofSeconds(310);

    /// When to probe, in seconds; to each `Min` comes a random part of its `Spread`.
    private record Times(int firstMin, int firstSpread, int existingAfter, int againMin, int againSpread) {
        static final Times PUBLIC = new Times(60, 120, 30, 12 * 3600, 12 * 3600);
        // Ours.
        static final Times TESTING = new Times(1, 2, 2, 60, 60);
    }

    private final World world;
    private final EventLoop loop;
    private final Supplier<ResolverSettings> settings;
    private final DnsTrust trust;
    private final List<String> existing;
    private final Times times;

    /// @param loop any
    /// @param settings read at every round; AAAA is asked whatever they say
    /// @param existing names that are known to exist, none of which may have a hijacker's address
    public HijackProbe(
            World world,
            EventLoop loop,
            Supplier<ResolverSettings> settings,
            DnsTrust trust,
            List<String> existing,
            boolean testing) {
        this.world = world;
        this.loop = loop;
        this.settings = settings;
        this.trust = trust;
        this.existing = List.copyOf(existing);
        this.times = testing ? Times.TESTING : Times.PUBLIC;
    }

    /// Probes now and then until it is interrupted; the body of a control task.
    ///
    /// @param wanted whether any relay lets anything out; otherwise no name is asked for
    /// @param whenUseless called once, when the servers turned out to be useless
    public void run(BooleanSupplier wanted, Runnable whenUseless) throws InterruptedException {
        sleep(times.firstMin(), times.firstSpread());
        while (!trust.isUseless()) {
            if (!wanted.getAsBoolean()) {
                sleep(times.firstMin(), times.firstSpread());
                continue;
            }
            askForAbsentNames();
            sleep(times.existingAfter(), 1);
            askForExistingNames();
            if (!trust.isUseless()) {
                sleep(times.againMin(), times.againSpread());
            }
        }
        whenUseless.run();
    }

    void askForAbsentNames() throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES_A_SUFFIX; i++) {
            // RFC 2606 reserves the first two, which some hijackers spare.
            names.add(randomName(2, ".invalid"));
            names.add(randomName(2, ".test"));
            names.add(randomName(8, ""));
            names.add(randomName(8, ".com"));
            names.add(randomName(8, ".org"));
            names.add(randomName(8, ".net"));
        }
        ask(
                names,
                (response, type, entropy) -> {
                    noteAll(response, type);
                    return DnsReplies.read(response, type, entropy);
                },
                (_, _) -> trust.probed());
    }

    void askForExistingNames() throws InterruptedException {
        ask(existing, DnsReplies::read, (name, answer) -> {
            if (trust.isHijack(answer)) {
                trust.existingNameHijacked(name, existing.size());
            }
        });
    }

    private void noteAll(DnsResponse response, DnsRecordType type) {
        for (byte[] ip : DnsReplies.addresses(response, type)) {
            trust.answeredThoughAbsent(ip);
        }
    }

    private interface Answered {
        void answered(String name, DnsAnswer answer);
    }

    private void ask(List<String> names, DnsReplies.Reader reader, Answered answered) throws InterruptedException {
        if (names.isEmpty()) {
            return;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.execute(() -> new Round(reader, answered, over).start(names));
        try {
            world.tasks().await(over, ANSWERS_LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a round of probes without an end", e);
        }
    }

    /// Some questions at once, over sockets of their own. Runs on the loop.
    private final class Round {
        private final DnsSockets sockets = new DnsSockets(world, loop, new FaultCounters());
        private final Upstreams upstreams = new Upstreams(null);
        private final DnsReplies.Reader reader;
        private final Answered answered;
        private final CompletableFuture<Void> over;
        private int missing;

        Round(DnsReplies.Reader reader, Answered answered, CompletableFuture<Void> over) {
            this.reader = reader;
            this.answered = answered;
            this.over = over;
        }

        void start(List<String> names) {
            missing = 2 * names.size();
            ResolverSettings now = settings.get();
            for (String name : names) {
                ask(now, name, DnsRecordType.A);
                ask(now, name, DnsRecordType.AAAA);
            }
        }

        private void ask(ResolverSettings now, String name, DnsRecordType type) {
            new DnsQuery(world, loop, sockets, upstreams, now, name, type, reader, answer -> {
                        answered.answered(name, answer);
                        missing--;
                        if (missing == 0) {
                            sockets.close();
                            over.complete(null);
                        }
                    })
                    .start();
        }
    }

    /// A label of `min` to 16 letters and digits.
    private String randomName(int min, String suffix) {
        int length = min + (int) world.entropy().jitter(16 - min + 1);
        StringBuilder name = new StringBuilder(length + suffix.length());
        for (byte random : world.entropy().secret(length)) {
            name.append(LETTERS.charAt(random & 31));
        }
        return name.append(suffix).toString();
    }

    private void sleep(int minSeconds, int spreadSeconds) throws InterruptedException {
        world.tasks().sleep(Duration.ofSeconds(minSeconds + world.entropy().jitter(spreadSeconds)));
    }
}
