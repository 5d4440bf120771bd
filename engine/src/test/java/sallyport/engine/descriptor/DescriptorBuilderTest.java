package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

class DescriptorBuilderTest {
    private static final SettableClock CLOCK = new SettableClock();
    private static final Instant NOW = Instant.parse("2026-11-21T12:34:56Z");

    @SuppressWarnings("NullAway.Init")
    private static RelayKeys keys;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = RelayKeys.open(new MemoryStorage(), "relays/r1/keys", new SeededEntropy(1), CLOCK);
    }

    /// The order of C tor's lines, without those that are not true of us.
    @Test
    void linesStandInCTorsOrder() throws Exception {
        List<String> keywords = text(build(full()).descriptor())
                .replaceAll("-----BEGIN [A-Z0-9 ]+-----\n[A-Za-z0-9+/=\n]+-----END [A-Z0-9 ]+-----\n", "")
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(" ", 2)[0])
                .toList();

        assertThat(keywords)
                .containsExactly(
                        "router",
                        "identity-ed25519",
                        "master-key-ed25519",
                        "or-address",
                        "platform",
                        "proto",
                        "published",
                        "fingerprint",
                        "uptime",
                        "bandwidth",
                        "extra-info-digest",
                        "onion-key",
                        "signing-key",
                        "onion-key-crosscert",
                        "ntor-onion-key-crosscert",
                        "hidden-service-dir",
                        "contact",
                        "ntor-onion-key",
                        "accept",
                        "reject",
                        "ipv6-policy",
                        "tunnelled-dir-server",
                        "router-sig-ed25519",
                        "router-signature");
    }

    @Test
    void linesSayWhatIsTrue() throws Exception {
        String text = text(build(full()).descriptor());

        assertThat(text)
                .startsWith("router Nick1 192.0.2.7 9001 0 0\nidentity-ed25519\n-----BEGIN ED25519 CERT-----\n")
                .contains("\nor-address [2001:db8::7]:9002\n")
                .contains("\nplatform Sallyport 0.1.0 on Linux\n")
                .contains("\nproto Conflux=1 Cons=1-2 Desc=1-4 DirCache=2 FlowCtrl=1-2 HSDir=2 HSIntro=4-5 HSRend=1-2"
                        + " Link=3-5 LinkAuth=3 Microdesc=1-3 Padding=2 Relay=2-6\n")
                .contains("\npublished 2026-11-21 12:34:56\n")
                .contains("\nuptime 90\nbandwidth 1073741824 1073741824 4711\n")
                .contains("\ncontact büro@example.org\n")
                .contains("\nipv6-policy accept 80\n")
                .endsWith("-----END SIGNATURE-----\n\n")
                .doesNotContain("\r", " \n");
        String fingerprint = text.lines()
                .filter(line -> line.startsWith("fingerprint "))
                .findFirst()
                .orElseThrow();
        assertThat(fingerprint).matches("fingerprint( [0-9A-F]{4}){10}");
        assertThat(fingerprint.substring(12).replace(" ", ""))
                .isEqualTo(keys.identity().fingerprint());
    }

    /// Their places are C tor's: the list before, the certificates behind what says nothing of us.
    @Test
    void aFamilyIsListedAndCertified() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        String id = FamilyKeys.create(storage, "family-keys", "ours", new SeededEntropy(7));
        FamilyKeys families = FamilyKeys.read(storage, List.of("family-keys"), List.of(id));
        DescriptorSpec member = new DescriptorSpec(
                "Nick1",
                address("192.0.2.7", 9001),
                null,
                "ops",
                ExitPolicy.REJECT_ALL,
                new TreeSet<>(Set.of("BB", "AA")),
                families,
                BandwidthRates.UNLIMITED);
        byte[] document = DescriptorBuilder.build(
                        member,
                        keys.signing(),
                        new DescriptorBuilder.Moment(NOW, Duration.ZERO, 28, 0, List.of(), null))
                .descriptor();

        assertThat(text(document))
                .contains(
                        "-----END ED25519 CERT-----\nfamily $AA $BB\nhidden-service-dir\nfamily-cert\n-----BEGIN FAMILY CERT-----\n")
                .contains("-----END FAMILY CERT-----\ncontact ops\n");
        DirectoryTrust nobody = new DirectoryTrust(false, Set.of(), List.of());
        RouterDescriptor.parseAll(document).getFirst().verify(nobody, NOW.plus(Duration.ofDays(29)));
    }

    /// Proposal 321: a certificate about another relay is worth nothing, and C tor refuses a descriptor
    /// with it.
    @Test
    void aFamilyCertificateOfAnotherRelayIsRefused() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        FamilyKeys.create(storage, "family-keys", "ours", new SeededEntropy(7));
        byte[] foreign = FamilyKeys.read(storage, List.of("family-keys"), List.of("*"))
                .certificates(new byte[32], NOW.plus(Duration.ofDays(1)))
                .getFirst();
        String withForeign = text(build(full()).descriptor())
                .replace(
                        "\ncontact ",
                        "\nfamily-cert\n-----BEGIN FAMILY CERT-----\n" + Base64Text.wrapped(foreign)
                                + "-----END FAMILY CERT-----\ncontact ");
        assertThat(RouterDescriptor.parseAll(withForeign.getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void ourOwnParserBelievesIt() throws Exception {
        ServerDescriptor built = build(full());
        DirectoryTrust nobody = new DirectoryTrust(false, Set.of(), List.of());
        RouterDescriptor read =
                RouterDescriptor.parseAll(built.descriptor()).getFirst().verify(nobody, NOW);

        assertThat(read.nickname()).isEqualTo("Nick1");
        assertThat(read.rsaDigest()).isEqualTo(keys.identity().rsaDigest());
        assertThat(read.ed25519()).isEqualTo(keys.identity().ed25519());
        assertThat(read.ntorKey()).isEqualTo(keys.onionKeys().current().publicKey());
        assertThat(read.published()).isEqualTo(built.published());
        assertThat(read.orAddresses()).hasSize(2);
    }

    /// Desc=3: of relays that have dropped the TAP key.
    @Test
    void aDescriptorNeedsNoTapKey() throws Exception {
        String with = text(build(full()).descriptor());
        String unsigned = with.substring(0, with.indexOf("\nrouter-sig-ed25519 "))
                .replaceFirst("(?s)\nonion-key\n.*?(\nsigning-key\n)", "$1")
                .replaceFirst("(?s)\nonion-key-crosscert\n.*?(\nntor-onion-key-crosscert )", "$1");
        assertThat(unsigned).doesNotContain("\nonion-key");
        String signed = unsigned + "\nrouter-sig-ed25519 ";
        byte[] edDigest = Hashes.sha256(bytes("Tor router descriptor signature v1"), bytes(signed));
        signed += Base64Text.unpadded(keys.signing().edSign(edDigest)) + "\nrouter-signature\n";
        signed += "-----BEGIN SIGNATURE-----\n"
                + Base64Text.wrapped(keys.signing().rsaSign(Hashes.sha1(bytes(signed))))
                + "-----END SIGNATURE-----\n";
        DirectoryTrust nobody = new DirectoryTrust(false, Set.of(), List.of());

        RouterDescriptor read =
                RouterDescriptor.parseAll(bytes(signed)).getFirst().verify(nobody, NOW);
        assertThat(read.ntorKey()).isEqualTo(keys.onionKeys().current().publicKey());
    }

    @Test
    void theExtraInfoIsTheOneTheDescriptorNames() throws Exception {
        ServerDescriptor built = build(full());
        String extra = text(built.extraInfo());
        byte[] signedPart =
                extra.substring(0, extra.indexOf("\nrouter-signature\n") + 18).getBytes(StandardCharsets.UTF_8);

        assertThat(text(built.descriptor()))
                .contains("\nextra-info-digest " + Hex.upper(Hashes.sha1(signedPart)) + " "
                        + Base64Text.unpadded(Hashes.sha256(built.extraInfo())) + "\n");
        assertThat(extra)
                .startsWith("extra-info Nick1 " + keys.identity().fingerprint() + "\nidentity-ed25519\n")
                .contains("\npublished 2026-11-21 12:34:56\nwrite-history 2026-11-21 12:33:56 (86400 s) 2048,0\n"
                        + "dirreq-stats-end 2026-11-21 12:33:56 (86400 s)\nrouter-sig-ed25519 ")
                .endsWith("-----END SIGNATURE-----\n");
        assertThat(new String(built.upload(), StandardCharsets.UTF_8)).isEqualTo(text(built.descriptor()) + extra);
    }

    @Test
    void whatIsNotThereIsNotSaid() throws Exception {
        DescriptorSpec plain = new DescriptorSpec("Nick1", address("192.0.2.7", 9001), null, "", ExitPolicy.REJECT_ALL);
        DescriptorBuilder.Moment young = new DescriptorBuilder.Moment(NOW, Duration.ZERO, 28, 0, List.of(), null);
        ServerDescriptor built = DescriptorBuilder.build(plain, keys.signing(), young);

        assertThat(text(built.descriptor()))
                .doesNotContain("or-address", "contact", "ipv6-policy")
                .contains("\nreject *:*\ntunnelled-dir-server\nrouter-sig-ed25519 ");
        assertThat(text(built.extraInfo())).doesNotContain("history");
    }

    /// C tor's relay_get_effective_bwrate and -bwburst: the least of all options, and the promise holds
    /// the rate alone.
    @Test
    void theBandwidthLineNamesTheLeastOfAllLimits() throws Exception {
        assertThat(text(build(full()).descriptor())).contains("\nbandwidth 1073741824 1073741824 4711\n");
        BandwidthRates rates =
                new BandwidthRates(new Rate(500_000, 900_000), new Rate(600_000, 700_000), 400_000, 0, 0, true);
        assertThat(text(build(limited(rates)).descriptor())).contains("\nbandwidth 400000 700000 4711\n");
        rates = new BandwidthRates(new Rate(500_000, 900_000), Rate.UNLIMITED, 1 << 30, 0, 0, true);
        assertThat(text(build(limited(rates)).descriptor())).contains("\nbandwidth 500000 900000 4711\n");
    }

    /// Proposal 328: the last line but the signatures.
    @Test
    void tooMuchWorkIsSaid() throws Exception {
        assertThat(text(build(full()).descriptor())).doesNotContain("overload");
        assertThat(text(build(full(), Instant.parse("2026-11-21T07:00:00Z")).descriptor()))
                .contains("\ntunnelled-dir-server\noverload-general 1 2026-11-21 07:00:00\nrouter-sig-ed25519 ");
    }

    private static DescriptorSpec limited(BandwidthRates rates) throws Exception {
        DescriptorSpec full = full();
        return new DescriptorSpec(
                full.nickname(),
                full.ipv4(),
                full.ipv6(),
                full.contact(),
                full.policy(),
                full.family(),
                full.familyKeys(),
                rates);
    }

    @Test
    void aSpecThatWouldBreakTheTextIsRefused() {
        RelayAddress ipv4 = address("192.0.2.7", 9001);
        RelayAddress ipv6 = address("2001:db8::7", 9001);
        assertThatThrownBy(() -> spec("a b", ipv4, null, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("", ipv4, null, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("x".repeat(20), ipv4, null, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("Nick", ipv6, null, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("Nick", ipv4, ipv4, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("Nick", ipv4, ipv6, "a\nreject *:*"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ServerDescriptor build(DescriptorSpec spec) throws DescriptorTooLong {
        return build(spec, null);
    }

    private static ServerDescriptor build(DescriptorSpec spec, @Nullable Instant overloaded) throws DescriptorTooLong {
        List<String> lines = List.of(
                "write-history 2026-11-21 12:33:56 (86400 s) 2048,0", "dirreq-stats-end 2026-11-21 12:33:56 (86400 s)");
        return DescriptorBuilder.build(
                spec,
                keys.signing(),
                new DescriptorBuilder.Moment(NOW.plusMillis(999), Duration.ofSeconds(90), 28, 4711, lines, overloaded));
    }

    private static DescriptorSpec full() throws Exception {
        ExitPolicy policy =
                ExitPolicy.parse(List.of("accept *:80,reject *:*"), new ExitPolicyOptions(true, false, List.of()));
        return new DescriptorSpec(
                "Nick1", address("192.0.2.7", 9001), address("2001:db8::7", 9002), "büro@example.org", policy);
    }

    private static DescriptorSpec spec(String nick, RelayAddress ipv4, @Nullable RelayAddress ipv6, String contact) {
        return new DescriptorSpec(nick, ipv4, ipv6, contact, ExitPolicy.REJECT_ALL);
    }

    private static RelayAddress address(String ip, int port) {
        return java.util.Objects.requireNonNull(RelayAddress.parseIp(ip, port));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }
}
