package sallyport.engine.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.accounting.Tally;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.world.World;

/// Finds addresses for names, and names for addresses, for one instance. Everything runs on the
/// instance's loop. Equal names asked for at once share one question; answers are remembered per
/// instance.
public final class Resolver {
    static final String OWN_BUG = "our own bug in a lookup";

    // C tor's "max-inflight"; beyond it a name fails at once instead of waiting unbounded.
    static final int QUERIES_MAX = 8192;
    static final String NO_ROOM = "DNS questions beyond the limit";
    // Ours: expired names leave memory within a minute.
    private static final int SWEEP_SECONDS = 60;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private static final DnsAnswer NEVER = new DnsAnswer.Failure(DnsFault.NOT_EXIST, DnsTtl.SHORT_SECONDS);
    private static final DnsAnswer NOT_NOW = new DnsAnswer.Failure(DnsFault.TIMEOUT, DnsTtl.SHORT_SECONDS);

    private final World world;
    private final EventLoop loop;
    private final Supplier<ResolverSettings> settings;
    private final FaultCounters faults;
    private final MemoryAccount memory;
    private final OwnBugs bugs;
    private final DnsSockets sockets;
    private final DnsTrust trust;
    private final Upstreams upstreams;
    private final DnsCache cache = new DnsCache();
    private final Map<String, Pending> pending = new HashMap<>();
    private int queries;
    private boolean sweeping;
    private boolean closed;

    /// @param relay our id, for the log
    /// @param settings read at every new question
    /// @param memory counts the cache
    public Resolver(
            World world,
            EventLoop loop,
            String relay,
            Supplier<ResolverSettings> settings,
            DnsTrust trust,
            FaultCounters faults,
            MemoryAccount memory) {
        this.world = world;
        this.loop = loop;
        this.settings = settings;
        this.trust = trust;
        this.upstreams = new Upstreams(trust);
        this.faults = faults;
        this.memory = memory;
        memory.relief().from(MemoryKind.DNS, this::trimCache);
        this.bugs = new OwnBugs(world, relay, faults, OWN_BUG, "the other lookups go on");
        this.sockets = new DnsSockets(world, loop, faults);
    }

    /// The way to it for one more circuit.
    public ResolverShare share() {
        return new ResolverShare(this);
    }

    /// Names remembered now.
    public int cachedNames() {
        return cache.size();
    }

    /// Questions under way now.
    public int openQueries() {
        return queries;
    }

    /// Fails whoever waits, closes the sockets and forgets the cache.
    public void close() {
        assert loop.inEventLoop();
        closed = true;
        List<Pending> waiting = new ArrayList<>(pending.values());
        pending.clear();
        waiting.forEach(Pending::abandon);
        sockets.close();
        cache.clear();
        memory.set(MemoryKind.DNS, 0);
    }

    Lookup resolve(ResolverShare share, String host, boolean reverseToo, Lookup.Done done) {
        assert loop.inEventLoop();
        Lookup lookup = new Lookup(done);
        HostName name = HostName.check(host);
        if (name == null || (name.reverse() && !reverseToo)) {
            lookup.finish(new Resolution(NEVER, null, null));
            return lookup;
        }
        ResolverSettings now = settings.get();
        Resolution known = cache.get(name.text(), world.ticker().nanoTime());
        if (known != null && (known.reverse() != null || known.ipv6() != null || !now.ipv6())) {
            lookup.finish(known);
            return lookup;
        }
        Pending waiting = pending.get(name.text());
        if (waiting != null) {
            waiting.lookups.add(lookup);
        } else if (closed || now.servers().isEmpty()) {
            lookup.finish(new Resolution(NOT_NOW, null, null));
        } else if (share.questions() + questions(name, now) > QUERIES_MAX - queries) {
            faults.count(NO_ROOM);
            lookup.finish(new Resolution(NOT_NOW, null, null));
        } else {
            waiting = new Pending(name.text(), share);
            waiting.lookups.add(lookup);
            pending.put(name.text(), waiting);
            waiting.start(name, now);
        }
        return lookup;
    }

    private static int questions(HostName name, ResolverSettings now) {
        return name.reverse() || !now.ipv6() ? 1 : 2;
    }

    private void remember(String name, Resolution resolution) {
        if (closed) {
            return;
        }
        long now = world.ticker().nanoTime();
        cache.put(name, resolution, now + ttlSeconds(resolution) * SECOND_NANOS);
        memory.set(MemoryKind.DNS, cache.bytes());
        if (!sweeping) {
            sweeping = true;
            var _ = loop.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void sweep() {
        cache.removeExpired(world.ticker().nanoTime());
        memory.set(MemoryKind.DNS, cache.bytes());
        sweeping = cache.size() > 0;
        if (sweeping) {
            var _ = loop.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void trimCache(long toBytes) {
        cache.trim(toBytes);
        memory.set(MemoryKind.DNS, cache.bytes());
    }

    private static long ttlSeconds(Resolution resolution) {
        long ttl = Long.MAX_VALUE;
        for (DnsAnswer answer :
                new @Nullable DnsAnswer[] {resolution.ipv4(), resolution.ipv6(), resolution.reverse()}) {
            ttl = answer == null ? ttl : Math.min(ttl, answer.ttlSeconds());
        }
        return ttl;
    }

    /// One name that is being asked for, and everyone who waits for it.
    private final class Pending {
        final String name;
        final List<Lookup> lookups = new ArrayList<>(1);
        private final ResolverShare share;
        private final List<DnsQuery> own = new ArrayList<>(2);
        private @Nullable DnsAnswer ipv4;
        private @Nullable DnsAnswer ipv6;
        private @Nullable DnsAnswer reverse;
        private int missing;

        Pending(String name, ResolverShare share) {
            this.name = name;
            this.share = share;
        }

        void start(HostName host, ResolverSettings now) {
            if (host.reverse()) {
                add(now, DnsRecordType.PTR, answer -> reverse = answer);
            } else {
                add(now, DnsRecordType.A, answer -> ipv4 = answer);
                if (now.ipv6()) {
                    add(now, DnsRecordType.AAAA, answer -> ipv6 = answer);
                }
            }
            List.copyOf(own).forEach(DnsQuery::start);
        }

        void abandon() {
            for (DnsQuery query : own) {
                query.cancel();
            }
            queries -= missing;
            share.over(missing);
            missing = 0;
            Resolution failed = new Resolution(NOT_NOW, null, null);
            finishAll(failed);
        }

        private void add(ResolverSettings now, DnsRecordType type, DnsQuery.Done store) {
            missing++;
            queries++;
            share.asked();
            faults.tallies().count(Tally.DNS_QUERY);
            own.add(new DnsQuery(world, loop, sockets, upstreams, now, name, type, DnsReplies::read, answer -> {
                faults.tallies().count(kind(answer));
                store.done(
                        trust.isHijack(answer)
                                ? new DnsAnswer.Failure(DnsFault.NOT_EXIST, answer.ttlSeconds())
                                : answer);
                queries--;
                share.over(1);
                missing--;
                if (missing == 0) {
                    complete();
                }
            }));
        }

        private static Tally kind(DnsAnswer answer) {
            return switch (answer) {
                case DnsAnswer.Address _, DnsAnswer.Name _ -> Tally.DNS_SUCCESS;
                case DnsAnswer.Failure(DnsFault why, int _) -> why.tally();
            };
        }

        private void complete() {
            Resolution resolution = new Resolution(ipv4, ipv6, reverse);
            pending.remove(name);
            remember(name, resolution);
            finishAll(resolution);
        }

        /// Those who wait are strangers to each other: who fails must not keep the others waiting for ever.
        private void finishAll(Resolution resolution) {
            for (Lookup lookup : lookups) {
                try {
                    lookup.finish(resolution);
                } catch (RuntimeException e) {
                    bugs.note(e);
                }
            }
        }
    }
}
