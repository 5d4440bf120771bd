package sallyport.engine.dns;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsPtrRecord;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import sallyport.engine.address.Ip;
import sallyport.engine.world.World;

/// A name server on loopback that behaves as the first label of the name says: `v4`, `v6`, `both`, `nx`,
/// `fail`, `refused`, `nodata`, `silent`, `lost` (the first question), `wrongcase`, `wrongid`, `big`
/// (truncated over UDP). A second label of the form `1-2-3-4` chooses the IPv4 address, otherwise it is
/// 127.0.0.1.
public final class FakeDnsServer implements AutoCloseable {
    /// Every question as it came: `TYPE name.` in the case of its letters.
    public final List<String> questions = new CopyOnWriteArrayList<>();
    /// Source ports of the questions.
    public final List<Integer> ports = new CopyOnWriteArrayList<>();

    private final Channel udp;
    private final Channel tcp;

    public FakeDnsServer(World world, EventLoop loop) throws InterruptedException {
        while (true) {
            Channel datagrams = world.network()
                    .datagram(loop, new InetSocketAddress("127.0.0.1", 0), new UdpHandlers())
                    .sync()
                    .channel();
            ChannelFuture listening = world.network()
                    .listen(loop, (InetSocketAddress) datagrams.localAddress(), new TcpHandlers())
                    .await();
            if (listening.isSuccess()) {
                udp = datagrams;
                tcp = listening.channel();
                return;
            }
            // Somebody has that port for TCP: another one, then.
            datagrams.close().sync();
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.localAddress();
    }

    public long asked(String name) {
        return questions.stream()
                .filter(question -> question.toLowerCase(Locale.ROOT).endsWith(" " + name + "."))
                .count();
    }

    @Override
    public void close() {
        udp.close().syncUninterruptibly();
        tcp.close().syncUninterruptibly();
    }

    private final class UdpHandlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel ch) {
            ch.pipeline().addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new UdpAnswers());
        }
    }

    private static final class TcpHandlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel ch) {
            ch.pipeline().addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new TcpAnswers());
        }
    }

    private final class UdpAnswers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            questions.add(question.type().name() + " " + question.name());
            ports.add(query.sender().getPort());
            String kind = labels(question)[0];
            boolean first = asked(question.name()
                            .substring(0, question.name().length() - 1)
                            .toLowerCase(Locale.ROOT))
                    <= 1;
            if (kind.equals("silent") || (kind.equals("lost") && first)) {
                return;
            }
            int id = kind.equals("wrongid") ? query.id() ^ 1 : query.id();
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), id);
            answer(response, question);
            response.setTruncated(kind.equals("big"));
            ctx.writeAndFlush(response);
        }
    }

    private static final class TcpAnswers extends SimpleChannelInboundHandler<DefaultDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DefaultDnsQuery query) {
            DefaultDnsResponse response = new DefaultDnsResponse(query.id());
            answer(response, query.recordAt(DnsSection.QUESTION));
            ctx.writeAndFlush(response);
        }
    }

    private static String[] labels(DnsQuestion question) {
        return question.name().toLowerCase(Locale.ROOT).split("\\.", -1);
    }

    private static void answer(DnsResponse response, DnsQuestion question) {
        String[] labels = labels(question);
        String name = labels[0].equals("wrongcase") ? flipped(question.name()) : question.name();
        response.setRecord(DnsSection.QUESTION, new DefaultDnsQuestion(name, question.type()));
        boolean ipv4 = question.type().equals(DnsRecordType.A);
        switch (labels[0]) {
            case "nx" -> response.setCode(DnsResponseCode.NXDOMAIN);
            case "fail" -> response.setCode(DnsResponseCode.SERVFAIL);
            case "refused" -> response.setCode(DnsResponseCode.REFUSED);
            case "format" -> response.setCode(DnsResponseCode.FORMERR);
            case "notimp" -> response.setCode(DnsResponseCode.NOTIMP);
            case "strange" -> response.setCode(DnsResponseCode.YXDOMAIN);
            case "nodata" -> {}
            default -> {
                if (question.type().equals(DnsRecordType.PTR)) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsPtrRecord(name, DnsRecord.CLASS_IN, 9000, "host.example."));
                } else if (ipv4 ? !labels[0].equals("v6") : labels[0].equals("v6") || labels[0].equals("both")) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    name, question.type(), 9000, Unpooled.wrappedBuffer(ip(labels, ipv4))));
                }
            }
        }
    }

    private static byte[] ip(String[] labels, boolean ipv4) {
        String text = ipv4 ? "127.0.0.1" : "::1";
        if (ipv4 && labels[1].matches("\\d+-\\d+-\\d+-\\d+")) {
            text = labels[1].replace('-', '.');
        }
        byte[] ip = Ip.parse(text);
        if (ip == null) {
            throw new IllegalStateException(text);
        }
        return ip;
    }

    private static String flipped(String name) {
        StringBuilder out = new StringBuilder();
        name.chars()
                .forEach(c -> out.append(
                        (char) (Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))));
        return out.toString();
    }
}
