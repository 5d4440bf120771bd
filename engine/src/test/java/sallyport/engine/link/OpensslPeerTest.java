package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.world.FreePorts;

/// A foreign peer that prints what it exports: the `openssl` tool. It exports without a context, which in TLS 1.3 is
/// the same as an empty one.
final class OpensslPeerTest {
    private static final String LABEL = "EXPORTER-sallyport-test";
    private static final Pattern KEYING = Pattern.compile("Keying material: ([0-9A-F]+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"native", "jdk"})
    void opensslAsClientExportsWhatWeDoAndGetsNoTicket(String name) throws Exception {
        Path tool = tool();
        LinkTls tls = tls(name);
        EngineSession session = (EngineSession) tls.accept(UnpooledByteBufAllocator.DEFAULT);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path output = directory.resolve("client");
            Process client = start(output, tool, "s_client", "-connect", "127.0.0.1:" + listener.getLocalPort());
            String exported;
            try (Socket socket = listener.accept()) {
                handshake(session.engine(), socket);
                exported = Hex.upper(session.export(LABEL, new byte[0], 32));
                await(output);
                client.getOutputStream().close();
                client.waitFor();
            } finally {
                client.destroyForcibly();
            }
            String printed = Files.readString(output);
            assertThat(keyingMaterial(printed)).isEqualTo(exported);
            assertThat(printed).contains("TLSv1.3").doesNotContain("New Session Ticket arrived");
        } finally {
            end(session, tls);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "jdk"})
    void opensslAsServerExportsWhatWeDo(String name) throws Exception {
        Path tool = tool();
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        Process made = new ProcessBuilder(List.of(
                        tool.toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-subj",
                        "/CN=www.a.net",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("made").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        int port = FreePorts.next();
        LinkTls tls = tls(name);
        EngineSession session = (EngineSession) tls.dial(UnpooledByteBufAllocator.DEFAULT, "www.abcd.com");
        Path output = directory.resolve("server");
        Process server = start(
                output,
                tool,
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-naccept",
                "1",
                "-key",
                key.toString(),
                "-cert",
                certificate.toString());
        try {
            while (!Files.readString(output).contains("ACCEPT")) {
                assertThat(server.isAlive()).isTrue();
                Thread.sleep(20);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                handshake(session.engine(), socket);
                String exported = Hex.upper(session.export(LABEL, new byte[0], 32));
                await(output);
                assertThat(keyingMaterial(Files.readString(output))).isEqualTo(exported);
            }
        } finally {
            server.destroyForcibly().waitFor();
            end(session, tls);
        }
    }

    private static LinkTls tls(String name) throws Exception {
        return name.equals("native")
                ? new TcnativeTls(TestRelay.ALICE::credentials, "TLSv1.3")
                : new JdkTls(TestRelay.ALICE::credentials, "TLSv1.3");
    }

    private static void end(EngineSession session, LinkTls tls) {
        session.end();
        ReferenceCountUtil.release(session.engine());
        tls.close();
    }

    private static Path tool() {
        Path tool = Path.of("/usr/bin/openssl");
        assertThat(tool).as("the openssl tool: apt install openssl").isExecutable();
        return tool;
    }

    private static Process start(Path output, Path tool, String command, String... more) throws Exception {
        List<String> words = new java.util.ArrayList<>(
                List.of(tool.toString(), command, "-tls1_3", "-keymatexport", LABEL, "-keymatexportlen", "32"));
        words.addAll(List.of(more));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void await(Path output) throws Exception {
        for (int i = 0; i < 500 && keyingMaterial(Files.readString(output)) == null; i++) {
            Thread.sleep(20);
        }
    }

    private static String keyingMaterial(String printed) {
        Matcher found = KEYING.matcher(printed);
        return found.find() ? found.group(1) : null;
    }

    /// Drives one engine over a blocking socket until its handshake is over.
    private static void handshake(SSLEngine engine, Socket socket) throws Exception {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        ByteBuffer received = ByteBuffer.allocate(1 << 16);
        ByteBuffer sending = ByteBuffer.allocate(1 << 16);
        engine.beginHandshake();
        while (true) {
            TlsPump.advance(engine, received, sending);
            out.write(sending.array(), 0, sending.position());
            out.flush();
            sending.clear();
            if (TlsPump.isDone(engine)) {
                return;
            }
            int read = in.read(received.array(), received.position(), received.remaining());
            assertThat(read).isPositive();
            received.position(received.position() + read);
        }
    }
}
