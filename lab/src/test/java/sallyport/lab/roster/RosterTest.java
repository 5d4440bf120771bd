package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.lab.roster.PaperRelay.ascii;
import static sallyport.lab.roster.PaperRelay.published;
import static sallyport.lab.roster.PaperRelay.with;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.world.RealWorld;
import sallyport.lab.authority.Answer;
import sallyport.lab.vote.ConsensusMethods;
import sallyport.lab.vote.MicrodescriptorText;
import sallyport.lab.vote.RelayHistory;
import sallyport.lab.vote.VoteEntry;

/// Uploads in, answers out. C tor's authority gives the same answers to the same uploads in
/// `PrivateNetworkInteropIT`.
class RosterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final RosterSettings TESTING = RosterSettings.testing();
    private static final Answer TAKEN = new Answer(200, "[None]");
    private static final UnaryOperator<String> UNCHANGED = UnaryOperator.identity();

    @TempDir
    private static Path directory;

    private static PaperRelay relay;
    private static PaperRelay other;

    private final Roster roster = roster(RosterSettings.testing());

    @BeforeAll
    static void makeKeys() throws Exception {
        try (RealWorld world = new RealWorld(directory, 1, (_, _, _) -> {})) {
            relay = new PaperRelay(world.entropy(), new RelayAddress(new byte[] {127, 0, 0, 7}, 9001), NOW);
            other = new PaperRelay(world.entropy(), new RelayAddress(new byte[] {127, 0, 0, 8}, 9001), NOW);
        }
    }

    @Test
    void whatIsTakenIsHandedOut() {
        assertThat(roster.take(relay.upload(), NOW)).isEqualTo(TAKEN);
        HeldDescriptor held = roster.descriptorOf(relay.fingerprint()).orElseThrow();
        String text = new String(held.text(), StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("router paper 127.0.0.7 9001 0 0\n").endsWith("\n-----END SIGNATURE-----\n");
        assertThat(roster.descriptors()).containsExactly(held);
        assertThat(roster.descriptor(held.digest())).contains(held);
        HeldExtraInfo extraInfo = roster.extraInfoOf(relay.fingerprint()).orElseThrow();
        assertThat(new String(extraInfo.text(), StandardCharsets.ISO_8859_1))
                .startsWith("extra-info paper " + relay.fingerprint() + "\n");
        assertThat(roster.extraInfo(extraInfo.digest())).contains(extraInfo);
        for (int method : ConsensusMethods.supported()) {
            byte[] text35 = MicrodescriptorText.of(held.relay(), method);
            assertThat(roster.microdescriptor(Hex.upper(Hashes.sha256(text35)))).contains(text35);
        }
        assertThat(roster.refusals()).isEmpty();
    }

    @Test
    void ofSeveralDocumentsTheAnswerIsToTheWorst() {
        byte[] good = other.upload();
        byte[] old = relay.descriptor(published(NOW.minus(Duration.ofHours(25))));
        byte[] both = Arrays.copyOf(old, old.length + good.length);
        System.arraycopy(good, 0, both, old.length, good.length);
        assertThat(roster.take(both, NOW).message()).startsWith("Rejected: Server is expired");
        assertThat(roster.descriptorOf(other.fingerprint())).isPresent();
        assertThat(roster.descriptorOf(relay.fingerprint())).isEmpty();
    }

    @Test
    void aNewerDescriptorReplacesAnOlderOneWhichIsStillHandedOut() {
        roster.take(relay.upload(), NOW);
        HeldDescriptor before = roster.descriptorOf(relay.fingerprint()).orElseThrow();
        Instant later = NOW.plus(Duration.ofHours(3));
        assertThat(roster.take(relay.at(later).upload(), later)).isEqualTo(TAKEN);
        assertThat(roster.descriptorOf(relay.fingerprint()).orElseThrow().published())
                .isEqualTo(later);
        assertThat(roster.descriptor(before.digest())).contains(before);
        assertThat(roster.take(relay.upload(), later)).isEqualTo(Answer.descriptorNotNew());
    }

    @Test
    void whatSaysNothingNewIsNotTaken() {
        roster.take(relay.upload(), NOW);
        Instant later = NOW.plus(Duration.ofMinutes(119));
        assertThat(roster.take(relay.at(later).upload(), later)).isEqualTo(Answer.descriptorNotNew());
        assertThat(roster.descriptorOf(relay.fingerprint()).orElseThrow().published())
                .isEqualTo(NOW);
        assertThat(roster.refusals())
                .containsKey("Not replacing router descriptor; no information has changed since the last one with this"
                        + " identity.");
    }

    @Test
    void theAuthoritysOwnDescriptorIsTakenWheneverItIsNewer() {
        Roster own = new Roster(TESTING, relay.fingerprint(), Kept.nothing(TESTING), NOW);
        own.take(relay.upload(), NOW);
        Instant later = NOW.plus(Duration.ofMinutes(1));
        assertThat(own.take(relay.at(later).upload(), later)).isEqualTo(TAKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "router paper | router other",
                "127.0.0.7 9001 | 127.0.0.9 9001",
                "127.0.0.7 9001 | 127.0.0.7 9002",
                "9001 0 0 | 9001 0 80",
                "\\nplatform .* | \\nplatform Tor 0.4.9.11 on Linux",
                "\\ncontact .* | ''",
                "\\ncontact .* | \\ncontact somebody",
                "\\nproto | \\nhibernating 1\\nproto",
                "\\nproto | \\nor-address [fc00::7]:9001\\nproto",
                "accept \\*:80 | accept *:81",
                "\\ntunnelled-dir-server | ''",
                "\\nproto | \\nfamily friend\\nproto",
                "\\nbandwidth (\\d+) (\\d+) .* | \\nbandwidth 1000000 2000000 49999",
                "\\nbandwidth (\\d+) (\\d+) .* | \\nbandwidth 1000000 2000000 200001",
                "\\nuptime .* | \\nuptime 25260",
            })
    void whatSaysSomethingNewIsTaken(String pattern, String change) {
        roster.take(relay.upload(), NOW);
        Instant later = NOW.plusSeconds(1);
        byte[] changed = relay.at(later).descriptor(with(pattern, change.replace("\\n", "\n")));
        assertThat(roster.take(changed, later)).isEqualTo(TAKEN);
        assertThat(roster.descriptorOf(relay.fingerprint()).orElseThrow().published())
                .isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-43201 | Rejected: Your clock is set too far in the future, or your timezone is not correct.",
                "86401 | Rejected: Server is expired, or your clock is too far in the past, or your timezone is not"
                        + " correct.",
            })
    void timesFarOffAreRefused(long ageSeconds, String words) {
        byte[] upload = relay.descriptor(published(NOW.minusSeconds(ageSeconds)));
        assertThat(roster.take(upload, NOW)).isEqualTo(new Answer(400, words));
        byte[] justSo = relay.descriptor(published(NOW.minusSeconds(ageSeconds - Long.signum(ageSeconds))));
        assertThat(roster.take(justSo, NOW)).isEqualTo(TAKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Tor 0.4.7.16 on Linux | Tor version is insecure or unsupported. Please upgrade!",
                "Tor 0.4.8.0-alpha on Linux | Tor version is insecure or unsupported. Please upgrade!",
                "Tor 0.4.8.0-alpha-dev on Linux | [None]",
                "Tor 0.4.9.11 (git-0123abcd) on Linux | [None]",
                "Tor zero on Linux | Malformed platform string.",
                "Tor 0.4 (git-xyz) on Linux | Malformed platform string.",
                "Sallyport 0.0 on Linux | [None]",
            })
    void versionsOfTorAreLookedAt(String platform, String words) {
        assertThat(roster.take(relay.descriptor(with("\nplatform .*", "\nplatform " + platform)), NOW)
                        .message())
                .isEqualTo(words);
    }

    @Test
    void privateAddressesAreForTestingNetworks() {
        Answer refused = new Answer(400, "Rejected: Address is a private address.");
        Roster standard = roster(RosterSettings.standard());
        assertThat(standard.take(relay.upload(), NOW)).isEqualTo(refused);
        UnaryOperator<String> open = with("127.0.0.7", "192.0.2.7");
        assertThat(standard.take(
                        relay.descriptor(open.andThen(with("\nproto", "\nor-address [fd00::1]:9\nproto"))::apply), NOW))
                .isEqualTo(refused);
        assertThat(standard.take(relay.descriptor(open), NOW)).isEqualTo(TAKEN);
    }

    @Test
    void whomTheOperatorRejectsIsRefused() {
        assertThat(roster(RosterSettings.testing("AuthDirReject 127.0.0.0/29"))
                        .take(relay.upload(), NOW)
                        .message())
                .startsWith("Suspicious relay address range");
        for (String key :
                Set.of(relay.fingerprint(), Base64.getEncoder().withoutPadding().encodeToString(relay.ed25519()))) {
            Roster careful = new Roster(
                    RosterSettings.testing(),
                    "",
                    new Kept(new KeyPins(), new StabilityHistory(true), "# a comment\n!reject " + key + "\n"),
                    NOW);
            assertThat(careful.take(relay.upload(), NOW).message())
                    .startsWith("Fingerprint and/or ed25519 identity is marked rejected");
            assertThat(careful.take(other.upload(), NOW)).isEqualTo(TAKEN);
        }
    }

    @Test
    void aRelayKeepsItsTwoKeysTogether() {
        Answer refused = new Answer(
                400,
                "Looks like your keypair has changed? This authority previously recorded a different RSA identity for"
                        + " this Ed25519 identity (or vice versa.) Did you replace or copy some of your key files, but"
                        + " not the others? You should either restore the expected keypair, or delete your keys and"
                        + " restart Tor to start your relay with a new identity.");
        KeyPins pins = new KeyPins();
        pins.pin(relay.rsaDigest(), other.ed25519());
        Roster careful = new Roster(RosterSettings.testing(), "", new Kept(pins, new StabilityHistory(true), ""), NOW);
        assertThat(careful.take(relay.upload(), NOW)).isEqualTo(refused);
        assertThat(careful.take(other.upload(), NOW)).isEqualTo(refused);
        Roster careless = new Roster(
                RosterSettings.testing("AuthDirPinKeys 0"), "", new Kept(pins, new StabilityHistory(true), ""), NOW);
        assertThat(careless.take(relay.upload(), NOW)).isEqualTo(TAKEN);
        assertThat(pins.check(relay.rsaDigest(), relay.ed25519())).isEqualTo(KeyPins.Match.FOUND);
    }

    @Test
    void expiredCertificatesAreNotNews() {
        Instant later = NOW.plus(Duration.ofDays(40));
        assertThat(roster.take(relay.descriptor(published(later)), later)).isEqualTo(Answer.descriptorNotNew());
        assertThat(roster.refusals()).containsKey("Some certs on this router are expired.");
        assertThat(roster.descriptors()).isEmpty();
    }

    /// What cannot be read is passed over in silence, as if it had never been sent.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "router paper | router pa-per",
                "router paper | router aaaaaaaaaaaaaaaaaaaa",
                "127.0.0.7 9001 | 127.0.0.7 0",
                "127.0.0.7 9001 | example.com 9001",
                "\\nfingerprint .* | \\nfingerprint 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000",
                "\\nproto .* | ''",
                "\\nproto | \\naccept6 *:*\\nproto",
                "\\nproto | \\nuptime 12\\nproto",
                "\\n[ar][ce][cj]e.* | ''",
                "\\nntor-onion-key-crosscert 0 | \\nntor-onion-key-crosscert 2",
                "\\nmaster-key-ed25519 A?. | \\nmaster-key-ed25519 BB",
                "\\nntor-onion-key \\S\\S | \\nntor-onion-key AA",
                "(?s)\\nonion-key-crosscert.*?-----END CROSSCERT----- | ''",
                "(?s)\\nonion-key\\n.*?-----END RSA PUBLIC KEY----- | ''",
            })
    void whatCannotBeReadIsPassedOver(String pattern, String change) {
        UnaryOperator<String> broken = with(pattern, change.replace("\\n", "\n"));
        // The sign of the cross-certificate is either; both readings must be broken.
        UnaryOperator<String> one = with("ntor-onion-key-crosscert 1", "ntor-onion-key-crosscert 0");
        byte[] upload =
                relay.descriptor(pattern.contains("crosscert 0") ? text -> broken.apply(one.apply(text)) : broken);
        assertThat(roster.take(upload, NOW)).isEqualTo(TAKEN);
        assertThat(roster.descriptors()).isEmpty();
    }

    @Test
    void aRelayWithoutAKeyOfOldIsToldSo() {
        UnaryOperator<String> without = with("(?s)\nonion-key\n.*?-----END RSA PUBLIC KEY-----", "");
        UnaryOperator<String> andCertificate = with("(?s)\nonion-key-crosscert.*?-----END CROSSCERT-----", "");
        assertThat(roster.take(relay.descriptor(text -> andCertificate.apply(without.apply(text))), NOW))
                .isEqualTo(new Answer(400, "Missing TAP key in descriptor."));
    }

    @Test
    void longDocumentsAreRefused() {
        String line = "\nunknown " + "x".repeat(1_000);
        assertThat(roster.take(relay.descriptor(with("\nproto", line.repeat(20) + "\nproto")), NOW))
                .isEqualTo(new Answer(400, "Router descriptor was too large."));
        byte[] upload = relay.upload(UNCHANGED, with("\npublished", line.repeat(50) + "\npublished"));
        assertThat(roster.take(upload, NOW)).isEqualTo(new Answer(400, "Extrainfo document was too large"));
        assertThat(roster.descriptorOf(relay.fingerprint())).isPresent();
        assertThat(roster.extraInfoOf(relay.fingerprint())).isEmpty();
    }

    @Test
    void signaturesThatDoNotHoldArePassedOver() {
        String upload = new String(relay.upload(), StandardCharsets.ISO_8859_1);
        String extraInfo = upload.substring(upload.indexOf("extra-info paper"));
        String descriptor = upload.substring(0, upload.indexOf("extra-info paper"));
        assertThat(roster.take(ascii(descriptor.replace("contact nobody", "contact n0body")), NOW))
                .isEqualTo(TAKEN);
        assertThat(roster.descriptors()).isEmpty();
        roster.take(relay.descriptor(UNCHANGED), NOW);
        assertThat(roster.take(ascii(extraInfo.replace("published 2026", "published 2027")), NOW))
                .isEqualTo(TAKEN);
        assertThat(roster.extraInfoOf(relay.fingerprint())).isEmpty();
    }

    @Test
    void whatIsNoTextOrNothingAtAll() {
        Answer noText = new Answer(400, "descriptor(s) or extrainfo(s) not valid UTF-8 or had BOM.");
        assertThat(roster.take(new byte[] {'a', (byte) 0xff}, NOW)).isEqualTo(noText);
        assertThat(roster.take("\ufeffrouter".getBytes(StandardCharsets.UTF_8), NOW))
                .isEqualTo(noText);
        assertThat(roster.take(new byte[0], NOW)).isEqualTo(TAKEN);
        assertThat(roster.take(ascii("hello\nrouter x\n"), NOW)).isEqualTo(TAKEN);
        assertThat(roster.take(
                        ascii("@purpose bridge\n" + new String(relay.upload(), StandardCharsets.ISO_8859_1)), NOW))
                .isEqualTo(new Answer(400, "No corresponding router descriptor for extra-info descriptor"));
        assertThat(roster.descriptors()).isEmpty();
    }

    @Test
    void whatIsTooOldIsForgottenUnlessAConsensusListsIt() {
        roster.take(relay.upload(), NOW);
        HeldDescriptor held = roster.descriptorOf(relay.fingerprint()).orElseThrow();
        Instant later = NOW.plus(Duration.ofDays(2));
        roster.expire(Set.of(), later.minusSeconds(1));
        roster.expire(Set.of(held.digest()), later);
        assertThat(roster.descriptors()).containsExactly(held);
        roster.expire(Set.of(), later);
        assertThat(roster.descriptors()).isEmpty();
        assertThat(roster.descriptor(held.digest())).contains(held);
        roster.expire(Set.of(), NOW.plus(Duration.ofDays(5)));
        assertThat(roster.descriptor(held.digest())).isEmpty();
        assertThat(roster.extraInfo(Hex.upper(held.extraInfoSha1()))).isEmpty();
    }

    @Test
    void onlySomeOldDescriptorsOfARelayAreKept() {
        HeldDescriptor first = null;
        for (int day = 0; day < 6; day++) {
            Instant then = NOW.plus(Duration.ofHours(3L * day));
            roster.take(relay.at(then).upload(), then);
            first = first == null ? roster.descriptorOf(relay.fingerprint()).orElseThrow() : first;
        }
        assertThat(roster.descriptor(first.digest())).isEmpty();
        assertThat(roster.extraInfo(Hex.upper(first.extraInfoSha1()))).isEmpty();
    }

    /// A relay may move without having anything new to say of itself.
    @Test
    void anExtraInfoStaysAsLongAsADescriptorNamesIt() {
        roster.take(relay.upload(), NOW);
        for (int second = 1; second <= 6; second++) {
            PaperRelay later = relay.at(NOW.plusSeconds(second));
            roster.take(later.upload(with("9001 0 0", (9001 + second) + " 0 0"), published(NOW)), NOW);
        }
        assertThat(roster.descriptorOf(relay.fingerprint()).orElseThrow().published())
                .isEqualTo(NOW.plusSeconds(6));
        assertThat(roster.extraInfoOf(relay.fingerprint())).isPresent();
    }

    @Test
    void onionKeysOfOldHaveToKnowTheirRelay() {
        String crosscert = "(?s).*(\nonion-key-crosscert\n.*?-----END CROSSCERT-----).*";
        String another =
                new String(other.descriptor(UNCHANGED), StandardCharsets.ISO_8859_1).replaceFirst(crosscert, "$1");
        byte[] stolen = relay.descriptor(with("(?s)\nonion-key-crosscert\n.*?-----END CROSSCERT-----", another));
        assertThat(roster.take(stolen, NOW)).isEqualTo(TAKEN);
        assertThat(roster.descriptors()).isEmpty();
    }

    @Test
    void anAuthorityIsFullAtSomePoint() {
        Answer full = new Answer(400, "This authority knows as many relays as it can.");
        for (Limits limits : List.of(new Limits(1, 9, 1 << 20), new Limits(9, 1, 1 << 20), new Limits(9, 9, 1_000))) {
            Roster small = new Roster(TESTING, "", Kept.nothing(TESTING), NOW, limits);
            assertThat(small.take(relay.upload(), NOW)).isEqualTo(TAKEN);
            assertThat(small.take(other.descriptor(UNCHANGED), NOW)).isEqualTo(full);
            Instant later = NOW.plus(Duration.ofHours(3));
            assertThat(small.take(relay.at(later).upload(), later)).isEqualTo(TAKEN);
            assertThat(small.descriptors()).hasSize(1);
        }
    }

    @Test
    void whoIsNewOrHasMovedIsToBeTestedAtOnce() {
        roster.take(relay.upload(), NOW);
        assertThat(roster.untested()).containsExactly(relay.fingerprint());
        assertThat(roster.untested()).isEmpty();
        roster.take(relay.at(NOW.plusSeconds(1)).descriptor(with("9001 0 0", "9002 0 0")), NOW);
        assertThat(roster.untested()).containsExactly(relay.fingerprint());
        roster.take(relay.at(NOW.plusSeconds(2)).descriptor(with("9001 0 0", "9002 0 80")), NOW);
        assertThat(roster.untested()).isEmpty();
    }

    @Test
    void whatIsOldLosesWeightAndIsForgotten() {
        roster.take(relay.upload(), NOW);
        RelayAddress at = new RelayAddress(new byte[] {127, 0, 0, 7}, 9001);
        roster.opinion(Set.of(), Map.of(), Map.of(), NOW);
        roster.reached(relay.fingerprint(), relay.ed25519(), at, NOW);
        Instant later = NOW.plus(Duration.ofDays(2));
        roster.expire(Set.of(), later);
        assertThat(roster.history().of(relay.fingerprint()).weightedUptime).isEqualTo(2 * 86_400);
        roster.opinion(Set.of(), Map.of(), Map.of(), later);
        assertThat(roster.history().of(relay.fingerprint()).weightedUptime).isEqualTo(140_746);
        roster.opinion(Set.of(), Map.of(), Map.of(), NOW.plus(Duration.ofDays(200)));
        roster.expire(Set.of(), NOW.plus(Duration.ofDays(200)));
        assertThat(roster.history().tracks).isEmpty();
    }

    @Test
    void whoWasReachedRunsAndWhoWasNotIsNoted() {
        roster.take(relay.upload(), NOW);
        roster.take(other.upload(), NOW);
        RelayAddress at = new RelayAddress(new byte[] {127, 0, 0, 7}, 9001);
        assertThat(roster.reached(relay.fingerprint(), null, at, NOW)).isFalse();
        assertThat(roster.reached("nobody", relay.ed25519(), at, NOW)).isFalse();
        assertThat(roster.reached(relay.fingerprint(), relay.ed25519(), at, NOW))
                .isTrue();
        Instant later = NOW.plusSeconds(30);
        List<VoteEntry> entries =
                roster.opinion(Set.of(), Map.of(), Map.of(), later).entries();
        for (VoteEntry entry : entries) {
            boolean reached = Arrays.equals(entry.identity(), relay.rsaDigest());
            assertThat(entry.flags().contains("Running")).isEqualTo(reached);
            assertThat(entry.history())
                    .isEqualTo(reached ? new RelayHistory(1_000_000, 30, 30) : new RelayHistory(0, 0, 0));
        }
        assertThat(entries).hasSize(2);
        assertThat(roster.history().text(Set.of(relay.fingerprint(), other.fingerprint()), later))
                .contains("S=2026-11-22 12:00:00\n", "S=2026-11-22 12:00:30\n");
    }

    private static Roster roster(RosterSettings settings) {
        return new Roster(settings, "", Kept.nothing(settings), NOW);
    }
}
