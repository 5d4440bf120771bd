package sallyport.engine.dns;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.World;

/// A few UDP sockets per family, chosen at random and replaced after a while: an outsider who wants to forge an answer
/// has to guess port, id and letters' case.
final class DnsSockets {
    // Ours: with eight ports at a time and 16 bits of id a blind guess must hit 1 of 2^35 (16 bits of id, 16 of port,
    // less the 8 that are open), letters not counted; eight FDs per family.
    private static final int SOCKETS = 8;
    // Ours: a port lives for that many questions.
    private static final int QUESTIONS_MAX = 512;

    private final World world;
    private final EventLoop loop;
    private final FaultCounters faults;
    private final @Nullable DnsSocket[] ipv4 = new DnsSocket[SOCKETS];
    private final @Nullable DnsSocket[] ipv6 = new DnsSocket[SOCKETS];

    DnsSockets(World world, EventLoop loop, FaultCounters faults) {
        this.world = world;
        this.loop = loop;
        this.faults = faults;
    }

    /// A socket for a server of that family.
    DnsSocket pick(boolean toIpv6) {
        @Nullable DnsSocket[] sockets = toIpv6 ? ipv6 : ipv4;
        int slot = (int) world.entropy().jitter(SOCKETS);
        DnsSocket socket = sockets[slot];
        if (socket == null || socket.questions() >= QUESTIONS_MAX || socket.isCrowded() || socket.isBroken()) {
            if (socket != null) {
                socket.retire();
            }
            socket = new DnsSocket(world, loop, toIpv6, faults);
            sockets[slot] = socket;
        }
        return socket;
    }

    void close() {
        for (int i = 0; i < SOCKETS; i++) {
            close(ipv4[i]);
            close(ipv6[i]);
            ipv4[i] = null;
            ipv6[i] = null;
        }
    }

    private static void close(@Nullable DnsSocket socket) {
        if (socket != null) {
            socket.close();
        }
    }
}
