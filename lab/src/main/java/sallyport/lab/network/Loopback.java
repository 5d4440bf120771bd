package sallyport.lab.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/// A /24 of 127/8 that is ours alone for as long as we hold it, with free ports in it.
///
/// Networks side by side on one machine agree without a word: each holds a listening socket on its /24's
/// last address, and who cannot bind there looks for another. Linux answers on all of 127/8 without
/// configuration.
public final class Loopback implements AutoCloseable {
    private static final int LOCK_HOST = 254;
    private static final int LOCK_PORT = 4999;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int ATTEMPTS_MAX = 200;
    // C tor's clients take 127.192.0.0/10 for names of their own (tor(1), VirtualAddrNetworkIPv4) and refuse it.
    private static final int SECOND_MIN = 16;
    private static final int SECOND_MAX = 191;
    // The first hosts are easily used by people (127.x.y.1), the last is the lock.
    private static final int FIRST_HOST = 10;
    private static final int LAST_HOST = 250;

    /// How many addresses one gives out.
    public static final int ADDRESSES = LAST_HOST - FIRST_HOST + 1;

    private final int second;
    private final int third;
    private final ServerSocket lock;
    private int nextHost = FIRST_HOST;

    private Loopback(int second, int third, ServerSocket lock) {
        this.second = second;
        this.third = third;
        this.lock = lock;
    }

    /// Takes a random free /24.
    public static Loopback take() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int second = ThreadLocalRandom.current().nextInt(SECOND_MIN, SECOND_MAX + 1);
            int third = ThreadLocalRandom.current().nextInt(1, 250);
            ServerSocket lock = new ServerSocket();
            try {
                lock.bind(new InetSocketAddress(address(second, third, LOCK_HOST), LOCK_PORT));
            } catch (IOException e) {
                lock.close();
                last = e;
                continue;
            }
            requireAnswer(lock);
            return new Loopback(second, third, lock);
        }
        throw new IOException(
                "no address of 127.16.0.0 to 127.191.255.255 can be taken on this machine. A private network wants"
                        + " a /24 of them; on Linux all of 127.0.0.0/8 is there, or comes with: ip addr add 127.0.0.1/8 dev lo",
                last);
    }

    /// An interface that is down lets everybody listen, and nobody come.
    private static void requireAnswer(ServerSocket lock) throws IOException {
        try (Socket probe = new Socket()) {
            probe.connect(lock.getLocalSocketAddress(), ANSWER_MILLIS);
        } catch (IOException e) {
            lock.close();
            throw new IOException("loopback does not carry connections; is the interface down? ip link set lo up", e);
        }
    }

    /// An address of the /24 that was not given out before, as text.
    public synchronized String freshAddress() {
        if (nextHost > LAST_HOST) {
            throw new IllegalStateException("the network's /24 is used up");
        }
        return "127." + second + "." + third + "." + nextHost++;
    }

    /// A TCP port free on the address right now: the preferred one if it is, else any.
    public static int freePort(String address, int preferred) throws IOException {
        InetAddress host = InetAddress.getByName(address);
        try (ServerSocket probe = new ServerSocket(preferred, 1, host)) {
            return probe.getLocalPort();
        } catch (IOException taken) {
            try (ServerSocket probe = new ServerSocket(0, 1, host)) {
                return probe.getLocalPort();
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static InetAddress address(int second, int third, int host) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, (byte) second, (byte) third, (byte) host});
    }
}
