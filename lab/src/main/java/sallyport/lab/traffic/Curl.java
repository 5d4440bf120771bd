package sallyport.lab.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import sallyport.lab.process.Programs;

/// The real `curl --socks5-hostname`, as people use it.
public final class Curl {
    private Curl() {}

    /// What curl did.
    ///
    /// @param exitCode 0 is good; 7 and 97 mean that the proxy refused
    /// @param length bytes of the body
    /// @param sha256 of the body, lower-case hex
    /// @param complaint what it wrote on stderr
    public record Result(int exitCode, long length, String sha256, String complaint) {}

    /// Runs curl through the proxy and digests what it writes.
    ///
    /// @param proxy the SOCKS port of a client
    /// @param user the SOCKS user name, or empty
    /// @param more further arguments, the URL among them
    public static Result run(InetSocketAddress proxy, String user, Duration timeout, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Programs.curl().toString(),
                "--disable",
                "--silent",
                "--show-error",
                "--max-time",
                Long.toString(timeout.toSeconds()),
                "--socks5-hostname",
                Addresses.text(proxy.getAddress()) + ":" + proxy.getPort()));
        if (!user.isEmpty()) {
            command.addAll(List.of("--proxy-user", user + ":x"));
        }
        command.addAll(more);
        Process process = new ProcessBuilder(command).start();
        CompletableFuture<String> complaint = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        try (var in = new DigestInputStream(process.getInputStream(), Content.newSha256())) {
            long length = 0;
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                length += n;
            }
            if (!process.waitFor(timeout.toSeconds() + 5, TimeUnit.SECONDS)) {
                throw new IOException("curl does not end");
            }
            MessageDigest digest = in.getMessageDigest();
            return new Result(process.exitValue(), length, HexFormat.of().formatHex(digest.digest()), complaint.join());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
