package sallyport.lab.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.descriptor.DescriptorBuilder;
import sallyport.engine.descriptor.DescriptorSpec;
import sallyport.engine.descriptor.ServerDescriptor;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.OfflineKeys;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.lab.process.Programs;

/// Key files move between C tor and us in both directions, and stem believes what we sign with them.
class KeyExchangeInteropIT {
    private static final String NICKNAME = "Mover";
    private static final String MASTER_SECRET = "ed25519_master_id_secret_key";
    private static final byte[] PASSPHRASE = "open sesame".getBytes(StandardCharsets.UTF_8);

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

    /// The relay of an operator who keeps the master key elsewhere, moved from us to tor and from tor to
    /// us.
    @Test
    void theOfflineTrioMovesBothWays() throws Exception {
        RelayKeys keys = openOurs();
        Path ours = scratch.resolve("ours/relays/r1/keys");
        Path theirs = dataDirectory();
        Files.delete(ours.resolve(MASTER_SECRET));
        copy(ours, theirs.resolve("keys"));
        Map<String, String> before = content(theirs.resolve("keys"));
        assertThat(tor(theirs, "rsa"))
                .contains(NICKNAME + " " + grouped(keys.identity().fingerprint()));
        assertThat(tor(theirs, "ed25519"))
                .contains(NICKNAME + " " + Base64Text.unpadded(keys.identity().ed25519()));
        assertThat(content(theirs.resolve("keys"))).isEqualTo(before);

        Path second = Files.createDirectories(scratch.resolve("ours/relays/r2"));
        copy(theirs.resolve("keys"), second.resolve("keys"));
        RelayKeys back = RelayKeys.open(world.storage(), "relays/r2/keys", world.entropy(), world.clock());
        assertThat(back.identity().fingerprint()).isEqualTo(keys.identity().fingerprint());
        assertThat(content(second.resolve("keys"))).isEqualTo(before);
    }

    @Test
    void aMasterKeyThatTorEncryptedIsOpenedByUs() throws Exception {
        Path theirs = dataDirectory();
        keygen(theirs);
        Path theirKeys = theirs.resolve("keys");
        assertThat(theirKeys.resolve(MASTER_SECRET)).doesNotExist();
        String publicKey = Base64Text.unpadded(payload(theirKeys.resolve("ed25519_master_id_public_key")));
        byte[] oldCert = Files.readAllBytes(theirKeys.resolve("ed25519_signing_cert"));
        copy(theirKeys, Files.createDirectories(scratch.resolve("ours/safe")).resolve("keys"));

        OfflineKeys.Made made = safe().renew(PASSPHRASE::clone, Duration.ofDays(60));
        assertThat(made.ed25519()).isEqualTo(publicKey);
        Path fresh = scratch.resolve("ours/safe/keys");
        assertThat(Files.readAllBytes(fresh.resolve("ed25519_signing_cert"))).isNotEqualTo(oldCert);
        for (String file : List.of("ed25519_signing_cert", "ed25519_signing_secret_key")) {
            Files.copy(fresh.resolve(file), theirKeys.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(tor(theirs, "ed25519")).as("tor runs on our signing key").contains(NICKNAME + " " + publicKey);
    }

    /// With PBKDF2, which every tor reads; scrypt only one with libscrypt.
    @Test
    void aMasterKeyThatWeEncryptedIsOpenedByTor() throws Exception {
        OfflineKeys.Made made = safe().create(PASSPHRASE, true, Duration.ofDays(1));
        Path theirs = dataDirectory();
        copy(scratch.resolve("ours/safe/keys"), theirs.resolve("keys"));
        Path cert = theirs.resolve("keys/ed25519_signing_cert");
        byte[] before = Files.readAllBytes(cert);
        keygen(theirs);

        assertThat(Files.readAllBytes(cert))
                .as("renewed, for it lived a day only")
                .isNotEqualTo(before);
        assertThat(tor(theirs, "ed25519")).contains(NICKNAME + " " + made.ed25519());
        assertThat(tor(theirs, "rsa")).contains(NICKNAME + " " + grouped(made.fingerprint()));
    }

    @Test
    void aFamilyKeyOfTorsServesUs() throws Exception {
        Path data = dataDirectory();
        Path families = Files.createDirectories(scratch.resolve("ours/family-keys"));
        String said = run(
                List.of(
                        Programs.tor().toString(),
                        "--defaults-torrc",
                        empty(),
                        "-f",
                        empty(),
                        "--DataDirectory",
                        data.toString(),
                        "--keygen-family",
                        families.resolve("kin").toString()),
                new byte[0]);
        String id = said.substring(said.indexOf("FamilyId ") + 9).strip();
        assertThat(FamilyKeys.read(world.storage(), List.of("family-keys"), List.of("*"))
                        .ids())
                .containsExactly(id);
        assertThat(FamilyKeys.create(world.storage(), "family-keys", "ours", world.entropy()))
                .hasSize(id.length());
        assertThat(Files.size(families.resolve("ours.secret_family_key")))
                .isEqualTo(Files.size(families.resolve("kin.secret_family_key")));
    }

    private OfflineKeys safe() {
        return new OfflineKeys(world.storage(), "safe/keys", world.entropy(), world.clock());
    }

    private void keygen(Path data) throws Exception {
        run(
                List.of(
                        Programs.tor().toString(),
                        "--defaults-torrc",
                        empty(),
                        "-f",
                        empty(),
                        "--DataDirectory",
                        data.toString(),
                        "--keygen",
                        "--passphrase-fd",
                        "0"),
                PASSPHRASE);
    }

    private static byte[] payload(Path tagged) throws IOException {
        byte[] all = Files.readAllBytes(tagged);
        return java.util.Arrays.copyOfRange(all, 32, all.length);
    }

    @Test
    void stemBelievesOurDescriptorAndExtraInfo() throws Exception {
        RelayKeys keys = openOurs();
        ExitPolicy policy = ExitPolicy.parse(
                List.of("accept *:80,accept *:443,reject *:*"), new ExitPolicyOptions(true, true, List.of()));
        DescriptorSpec spec = new DescriptorSpec(
                NICKNAME,
                Objects.requireNonNull(RelayAddress.parseIp("192.0.2.7", 9001)),
                RelayAddress.parseIp("2001:db8::7", 9001),
                "büro@example.org",
                policy,
                Collections.emptySortedSet(),
                FamilyKeys.NONE,
                new BandwidthRates(new Rate(500_000, 900_000), Rate.UNLIMITED, 400_000, 0, 0, true));
        List<String> lines = new ArrayList<>(everyStatistic());
        Overload overload = new Overload(world);
        overload.readLimit();
        overload.fdsExhausted();
        lines.addAll(overload.extraInfoLines(spec.bandwidth().all().bytesPerSecond(), 900_000));
        Instant now = world.clock().instant();
        ServerDescriptor built = DescriptorBuilder.build(
                spec, keys.signing(), new DescriptorBuilder.Moment(now, Duration.ofHours(1), 28, 4711, lines, now));
        Path descriptor = Files.write(scratch.resolve("descriptor"), built.descriptor());
        Path extraInfo = Files.write(scratch.resolve("extra-info"), built.extraInfo());

        String read = run(List.of("/usr/bin/python3", script(), descriptor.toString(), extraInfo.toString()));
        assertThat(read)
                .contains("fingerprint " + keys.identity().fingerprint())
                .contains("nickname " + NICKNAME)
                .contains("address 192.0.2.7 9001 [('2001:db8::7', 9001, True)]")
                .contains("ed25519 " + Base64Text.unpadded(keys.identity().ed25519()))
                .contains("contact büro@example.org")
                // Younger than stem 1.8.
                .contains("unrecognized ['overload-general'] ['hidserv-dir-v3-onions-seen',"
                        + " 'hidserv-rend-v3-relayed-cells', 'hidserv-v3-stats-end', 'ipv6-conn-bi-direct',"
                        + " 'ipv6-read-history', 'ipv6-write-history', 'overload-fd-exhausted', 'overload-ratelimits']")
                .contains("histories [4096] [2048] [0] [69632]")
                .contains("requests {} {} ")
                .contains("onion-services {'delta_f': '2048', 'epsilon': '0.30', 'bin_size': '1024'}"
                        + " {'delta_f': '8', 'epsilon': '0.30', 'bin_size': '8'}")
                .contains("entries {}")
                .contains("cells 0 [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]")
                .contains("exit {'other': 0} {'other': 0}")
                .contains("links 0 0")
                .contains("padding 10000 10000")
                .contains("extra-info " + keys.identity().fingerprint() + " True")
                .contains("bandwidth 400000 900000 4711")
                .contains("protocols ")
                .contains("accept *:80, accept *:443, reject *:*");
        assertThat(read).contains("certificate-key " + signingKey(keys));
    }

    /// Of periods of no length, but with all their lines.
    private List<String> everyStatistic() {
        long now = world.ticker().nanoTime();
        long yesterday = now - Duration.ofDays(1).plusMinutes(1).toNanos();
        BandwidthHistory history = new BandwidthHistory(0);
        for (long at : new long[] {yesterday, now}) {
            history.read(5000, true, at);
            history.written(2048, true, at);
            history.directoryRead(100, at);
            history.directoryWritten(70_000, at);
        }
        RelayStatistics statistics = new RelayStatistics(world, history, Duration.ofNanos(1));
        statistics.follow(Set.of(StatisticKind.values()), true);
        statistics.padding().read(true, true);
        statistics.padding().written(1, true);
        statistics.pass();
        return statistics.extraInfoLines(Long.MAX_VALUE);
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
        return run(List.of(
                Programs.tor().toString(),
                "--defaults-torrc",
                empty(),
                "-f",
                empty(),
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

    private String empty() throws IOException {
        Path empty = scratch.resolve("empty");
        if (!Files.exists(empty)) {
            Files.createFile(empty);
        }
        return empty.toString();
    }

    private static String run(List<String> command) throws Exception {
        return run(command, new byte[0]);
    }

    private static String run(List<String> command, byte[] input) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input);
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
