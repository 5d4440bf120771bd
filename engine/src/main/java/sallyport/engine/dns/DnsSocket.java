package sallyport.engine.dns;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.Ip;
import sallyport.engine.world.World;

/// One UDP socket on a port of the system's choice, and the questions asked from it.
final class DnsSocket {
    /// Who asked.
    interface Asker {
        /// An answer from the right server to the right question. Borrowed.
        void answered(Sent sent, DatagramDnsResponse response);
    }

    /// One question on its way.
    record Sent(DnsSocket socket, int id, InetSocketAddress server, DnsQuestion question, Asker asker) {
        void forget() {
            socket.forget(id);
        }

        @Override
        public String toString() {
            return "[scrubbed]";
        }
    }

    private static final int IDS = 65536;

    private final World world;
    private final FaultCounters faults;
    private final Map<Integer, Sent> waiting = new HashMap<>();
    private final ChannelFuture bound;
    private boolean retired;
    private int questions;

    DnsSocket(World world, EventLoop loop, boolean ipv6, FaultCounters faults) {
        this.world = world;
        this.faults = faults;
        InetAddress any = Ip.inet(new byte[ipv6 ? 16 : 4]);
        this.bound = world.network().datagram(loop, new InetSocketAddress(any, 0), new Handlers());
    }

    /// Sends the question once the socket is bound; a socket that cannot be bound stays silent, like a dead server.
    Sent ask(InetSocketAddress server, DnsQuestion question, Asker asker) {
        int id = freeId();
        Sent sent = new Sent(this, id, server, question, asker);
        waiting.put(id, sent);
        questions++;
        if (bound.isSuccess()) {
            send(sent);
        } else {
            bound.addListener(_ -> {
                if (bound.isSuccess() && waiting.containsKey(id)) {
                    send(sent);
                }
            });
        }
        return sent;
    }

    /// Questions asked from here so far.
    int questions() {
        return questions;
    }

    /// Whether every id may be in use soon.
    boolean isCrowded() {
        return waiting.size() > IDS / 8;
    }

    boolean isBroken() {
        return bound.isDone() && !bound.channel().isOpen();
    }

    /// No more questions from here; closes after the last answer.
    void retire() {
        retired = true;
        closeWhenIdle();
    }

    void close() {
        retired = true;
        waiting.clear();
        closeWhenIdle();
    }

    private void forget(int id) {
        waiting.remove(id);
        closeWhenIdle();
    }

    private void closeWhenIdle() {
        if (retired && waiting.isEmpty()) {
            // One that could not be bound is closed already, and one that could not even be created has no loop to be
            // closed on.
            bound.addListener(_ -> {
                if (bound.isSuccess()) {
                    var _ = bound.channel().close();
                }
            });
        }
    }

    private void send(Sent sent) {
        Channel channel = bound.channel();
        DatagramDnsQuery query = new DatagramDnsQuery(null, sent.server(), sent.id());
        query.setRecursionDesired(true);
        query.addRecord(DnsSection.QUESTION, sent.question());
        var _ = channel.writeAndFlush(query);
    }

    private int freeId() {
        byte[] random = new byte[2];
        while (true) {
            world.entropy().secret(random, 0, 2);
            int id = (random[0] & 0xff) << 8 | (random[1] & 0xff);
            if (!waiting.containsKey(id)) {
                return id;
            }
        }
    }

    private void onResponse(DatagramDnsResponse response) {
        @Nullable Sent sent = waiting.get(response.id());
        if (sent == null || !sent.server().equals(response.sender())) {
            faults.count("DNS answer nobody waits for");
        } else if (!DnsReplies.answers(response, sent.question())) {
            // Same id from the right address, but another question or another case of letters: forged.
            faults.count("DNS answer to another question");
        } else {
            sent.asker().answered(sent, response);
        }
    }

    @ChannelHandler.Sharable
    private final class Handlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel ch) {
            ch.pipeline().addLast(new DatagramDnsQueryEncoder(), new DatagramDnsResponseDecoder(), new Responses());
        }
    }

    private final class Responses extends SimpleChannelInboundHandler<DatagramDnsResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsResponse response) {
            onResponse(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.count("DNS answer malformed");
        }
    }
}
