package sallyport.engine.world;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports of 127.0.0.1 for what a test has others listen on: none is given twice by this JVM, and none is of those
/// that the kernel gives to connections by itself, so that nobody takes it meanwhile. The kernel's own choice for a
/// listener is the last one again in one of some five thousand cases.
public final class FreePorts {
    private static final int FIRST = 10_000;
    // Linux: net.ipv4.ip_local_port_range begins at 32768.
    private static final int COUNT = 22_000;
    private static final AtomicInteger TAKEN =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 101 % COUNT));

    private FreePorts() {}

    /// @throws IOException where none is left
    public static int next() throws IOException {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(TAKEN.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port of 127.0.0.1 is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
