package sallyport.lab.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.descriptor.AdvertisedProtocols;
import sallyport.engine.descriptor.DescriptorBuilder;
import sallyport.engine.descriptor.DescriptorSpec;
import sallyport.engine.descriptor.ServerDescriptor;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.lab.process.Programs;

/// Key files move between C tor and us in both directions, and stem believes what we sign with them.
class KeyExchangeInteropIT {
    private static final String NICKNAME = "Mover";

    private Path scratch;
    private RealWorld world;

    @BeforeEach
    void open() throws IOException {
        scratch = Files.createTempDirectory("sallyport-keys-");
        world = new RealWorld(scratch.resolve("ours"), 1, (level, relay, text) -> {
            if (level == Log.Level.ERROR) {
                throw new IllegalStateException(text);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void torRunsOnTheKeysWeMade() throws Exception {
        RelayKeys keys = openOurs();
        keys.writeFingerprints(NICKNAME);
        Path ours = scratch.resolve("ours/relays/r1");
        Path theirs = dataDirectory();
        copy(ours.resolve("keys"), theirs.resolve("keys"));
        Map<String, String> before = content(theirs.resolve("keys"));

        String said = tor(theirs, "rsa");
        assertThat(said).contains(NICKNAME + " " + grouped(keys.identity().fingerprint()));
        assertThat(tor(theirs, "ed25519"))
                .contains(NICKNAME + " " + Base64Text.unpadded(keys.identity().ed25519()));
        assertThat(content(theirs.resolve("keys")))
                .as("tor found nothing to mend")
                .isEqualTo(before);
        assertThat(Files.readString(theirs.resolve("fingerprint")))
                .isEqualTo(Files.readString(ours.resolve("fingerprint")));
        assertThat(Files.readString(theirs.resolve("fingerprint-ed25519")))
                .isEqualTo(Files.readString(ours.resolve("fingerprint-ed25519")));
    }

    @Test
    void weRunOnTheKeysTorMade() throws Exception {
        Path theirs = dataDirectory();
        tor(theirs, "rsa");
        Path ours = Files.createDirectories(scratch.resolve("ours/relays/r1"));
        copy(theirs.resolve("keys"), ours.resolve("keys"));
        Map<String, String> before = content(ours.resolve("keys"));

        RelayKeys keys = openOurs();
        keys.writeFingerprints(NICKNAME);
        assertThat(content(ours.resolve("keys"))).as("we found nothing to mend").isEqualTo(before);
        assertThat(Files.readString(ours.resolve("fingerprint")))
                .isEqualTo(Files.readString(theirs.resolve("fingerprint")));
        assertThat(keys.onionKeys().current().publicKey())
                .isEqualTo(java.util.Arrays.copyOfRange(
                        Files.readAllBytes(theirs.resolve("keys/secret_onion_key_ntor")), 64, 96));
    }

    @Test
    void stemBelievesOurDescriptorAndExtraInfo() throws Exception {
        RelayKeys keys = openOurs();
        ExitPolicy policy = ExitPolicy.parse(
                List.of("accept *:80,accept *:443,reject *:*"), new ExitPolicyOptions(true, true, List.of(), false));
        DescriptorSpec spec = new DescriptorSpec(
                NICKNAME,
                Objects.requireNonNull(RelayAddress.parseIp("192.0.2.7", 9001)),
                RelayAddress.parseIp("2001:db8::7", 9001),
                "büro@example.org",
                policy);
        BandwidthHistory.Days days = new BandwidthHistory.Days(List.of(5000L, 2048L), List.of(1L, 1024L), 60);
        ServerDescriptor built = DescriptorBuilder.build(
                spec,
                keys.signing(),
                new DescriptorBuilder.Moment(world.clock().instant(), Duration.ofHours(1), 28, 4711, days));
        Path descriptor = Files.write(scratch.resolve("descriptor"), built.descriptor());
        Path extraInfo = Files.write(scratch.resolve("extra-info"), built.extraInfo());

        String read = run(List.of("/usr/bin/python3", script(), descriptor.toString(), extraInfo.toString()));
        assertThat(read)
                .contains("fingerprint " + keys.identity().fingerprint())
                .contains("nickname " + NICKNAME)
                .contains("address 192.0.2.7 9001 [('2001:db8::7', 9001, True)]")
                .contains("ed25519 " + Base64Text.unpadded(keys.identity().ed25519()))
                .contains("contact büro@example.org")
                .contains("unrecognized [] []")
                .contains("extra-info " + keys.identity().fingerprint() + " True")
                .contains("protocols ")
                .contains("accept *:80, accept *:443, reject *:*");
        assertThat(read).contains("certificate-key " + signingKey(keys));
        assertThat(AdvertisedProtocols.LINE).doesNotContain("HS", "Conflux", "DirCache", "Padding");
    }

    private static String signingKey(RelayKeys keys) {
        byte[] cert = keys.signing().signingCert();
        return Hex.lower(java.util.Arrays.copyOfRange(cert, 7, 39));
    }

    private RelayKeys openOurs() throws Exception {
        return RelayKeys.open(world.storage(), "relays/r1/keys", world.entropy(), world.clock());
    }

    private Path dataDirectory() throws IOException {
        return Files.createDirectory(
                scratch.resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private String tor(Path data, String kind) throws Exception {
        Path empty = scratch.resolve("empty");
        if (!Files.exists(empty)) {
            Files.createFile(empty);
        }
        return run(List.of(
                Programs.tor().toString(),
                "--defaults-torrc",
                empty.toString(),
                "-f",
                empty.toString(),
                "--DataDirectory",
                data.toString(),
                "--Nickname",
                NICKNAME,
                "--ORPort",
                "127.0.0.1:5000",
                "--SocksPort",
                "0",
                "--DisableNetwork",
                "1",
                "--list-fingerprint",
                kind));
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private String script() throws Exception {
        return Path.of(Objects.requireNonNull(getClass().getResource("/stem_reads.py"))
                        .toURI())
                .toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                content.put(String.valueOf(file.getFileName()), Hex.lower(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    /// `--list-fingerprint` prints ten groups of four digits.
    private static String grouped(String fingerprint) {
        return fingerprint.replaceAll("(.{4})(?!$)", "$1 ");
    }
}
