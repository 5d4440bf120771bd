package sallyport.engine.link;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// Carries the TLS handshake of two engines to each other in memory.
final class TlsPump {
    private static final int BUFFER_BYTES = 1 << 16;
    // A handshake takes three round trips at most.
    private static final int ROUNDS_MAX = 16;

    private TlsPump() {}

    static void handshake(SSLEngine server, SSLEngine client) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES);
        ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            advance(client, toClient, toServer);
            advance(server, toServer, toClient);
            if (isDone(client) && isDone(server) && toServer.position() == 0 && toClient.position() == 0) {
                return;
            }
        }
        throw new SSLException("handshake does not end");
    }

    static void advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES);
        boolean moved = true;
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                    moved = true;
                }
                case NEED_WRAP -> {
                    int before = out.position();
                    SSLEngineResult result = engine.wrap(nothing, out);
                    if (out.position() == before && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        return;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    // The native engine finishes in an unwrap of nothing, after its last bytes or a task.
                    if (!moved && in.position() == 0) {
                        return;
                    }
                    moved = unwrap(engine, in, plain);
                    if (!moved) {
                        return;
                    }
                }
            }
        }
    }

    /// Whether it read anything.
    private static boolean unwrap(SSLEngine engine, ByteBuffer in, ByteBuffer plain) throws SSLException {
        in.flip();
        SSLEngineResult result = engine.unwrap(in, plain);
        in.compact();
        plain.clear();
        return result.bytesConsumed() > 0 || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
    }

    static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }
}
