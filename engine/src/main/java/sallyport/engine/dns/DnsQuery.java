package sallyport.engine.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// One question for one type of record, asked until a server answers or the attempts are used up. An
/// answer to an earlier attempt still counts.
final class DnsQuery implements DnsSocket.Asker {
    /// Takes the answer, exactly once.
    interface Done {
        void done(DnsAnswer answer);
    }

    // C tor: a pending name is given up after 300 seconds, whatever the parameters say.
    private static final long LIFETIME_NANOS = 300_000_000_000L;

    private final World world;
    private final EventLoop loop;
    private final DnsSockets sockets;
    private final Upstreams upstreams;
    private final String name;
    private final DnsRecordType type;
    private final DnsReplies.Reader reader;
    private final List<DnsSocket.Sent> sent = new ArrayList<>(2);
    private final long startNanos;
    private @Nullable Done done;
    private @Nullable Future<?> timeout;
    private @Nullable DnsTcpQuestion tcp;
    private ResolverSettings settings;
    private int attempts;

    DnsQuery(
            World world,
            EventLoop loop,
            DnsSockets sockets,
            Upstreams upstreams,
            ResolverSettings settings,
            String name,
            DnsRecordType type,
            DnsReplies.Reader reader,
            Done done) {
        this.world = world;
        this.loop = loop;
        this.sockets = sockets;
        this.upstreams = upstreams;
        this.settings = settings;
        this.name = name;
        this.type = type;
        this.reader = reader;
        this.done = done;
        this.startNanos = world.ticker().nanoTime();
    }

    void start() {
        ask();
    }

    void cancel() {
        done = null;
        stop();
    }

    @Override
    public void answered(DnsSocket.Sent answered, DatagramDnsResponse response) {
        upstreams.answered(answered.server());
        if (response.isTruncated()) {
            stop();
            tcp = new DnsTcpQuestion(world, answered.question(), this::answeredOverTcp);
            tcp.ask(loop, answered.server(), attemptMillis());
        } else if (DnsReplies.isServersFault(response) && settings.servers().size() > 1 && mayAskAgain()) {
            answered.forget();
            sent.remove(answered);
            ask();
        } else {
            finish(reader.read(response, type, world.entropy()));
        }
    }

    private void answeredOverTcp(@Nullable DnsResponse response) {
        finish(response == null ? failed(DnsFault.TRUNCATED) : reader.read(response, type, world.entropy()));
    }

    private void ask() {
        attempts++;
        InetSocketAddress server =
                upstreams.pick(settings.servers(), world.ticker().nanoTime());
        if (server == null) {
            finish(failed(DnsFault.TIMEOUT));
            return;
        }
        boolean ipv6 = server.getAddress() instanceof Inet6Address;
        DnsQuestion question = new DefaultDnsQuestion(settings.randomCase() ? inRandomCase() : name, type);
        sent.add(sockets.pick(ipv6).ask(server, question, this));
        cancelTimeout();
        timeout = loop.schedule(() -> timedOut(server), attemptMillis(), TimeUnit.MILLISECONDS);
    }

    private void timedOut(InetSocketAddress server) {
        upstreams.timedOut(server, world.ticker().nanoTime());
        if (mayAskAgain()) {
            ask();
        } else {
            finish(failed(DnsFault.TIMEOUT));
        }
    }

    private boolean mayAskAgain() {
        return attempts < settings.attempts() && leftNanos() > 0;
    }

    private long leftNanos() {
        return startNanos + LIFETIME_NANOS - world.ticker().nanoTime();
    }

    private int attemptMillis() {
        return (int) Math.min(settings.timeoutMillis(), TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNanos())));
    }

    private DnsAnswer failed(DnsFault why) {
        return new DnsAnswer.Failure(why, DnsTtl.clipAndFuzz(0, world.entropy()));
    }

    private void finish(DnsAnswer answer) {
        Done target = done;
        done = null;
        stop();
        if (target != null) {
            target.done(answer);
        }
    }

    private void stop() {
        cancelTimeout();
        sent.forEach(DnsSocket.Sent::forget);
        sent.clear();
        if (tcp != null) {
            tcp.cancel();
            tcp = null;
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /// draft-vixie-dnsext-dns0x20: the case of every letter is a random bit that a forger would have to
    /// guess.
    private String inRandomCase() {
        byte[] random = world.entropy().secret((name.length() + 7) / 8);
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean upper = (random[i / 8] >> (i % 8) & 1) == 1;
            out.append(upper && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        }
        return out.toString();
    }
}
