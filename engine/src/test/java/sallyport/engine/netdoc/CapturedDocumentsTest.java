package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Refused.Reason;

/// What C tor's authorities send, we read and believe; and nothing that was changed on the way.
class CapturedDocumentsTest {
    private static byte[] consensus(Flavor flavor) {
        return Captured.read(flavor == Flavor.NS ? "consensus" : "consensus-microdesc");
    }

    private static Consensus verified(Flavor flavor) throws Malformed, Refused {
        return UnverifiedConsensus.parse(consensus(flavor))
                .verify(Captured.trust().with(Captured.certificates()), Captured.THEN);
    }

    @ParameterizedTest
    @EnumSource(Flavor.class)
    void believesBothFlavorsOfARealConsensus(Flavor flavor) throws Malformed, Refused {
        Consensus consensus = verified(flavor);

        assertThat(consensus.flavor()).isEqualTo(flavor);
        assertThat(consensus.validAfter()).isEqualTo("2026-11-21T22:58:20Z");
        assertThat(consensus.freshUntil()).isEqualTo("2026-11-21T22:58:40Z");
        assertThat(consensus.validUntil()).isEqualTo("2026-11-21T23:00:00Z");
        assertThat(consensus.distSeconds()).isEqualTo(4);
        assertThat(consensus.relays()).hasSize(5);
        RouterStatus first = consensus.relays().getFirst();
        assertThat(first.nickname()).isEqualTo("r3");
        assertThat(Hex.upper(first.rsaDigest())).isEqualTo("1AF6981008C99956B494FD9D43CFB81C997367A0");
        assertThat(first.orAddresses()).hasToString("[127.0.77.13:5000]");
        assertThat(first.flags())
                .containsExactlyInAnyOrder("Exit", "Fast", "Guard", "HSDir", "Running", "V2Dir", "Valid");
        assertThat(first.bandwidthKb()).isEqualTo(158);
        assertThat(first.documentDigest()).hasSize(flavor == Flavor.NS ? 20 : 32);
    }

    @Test
    void readsTheVotedParameters() throws Malformed, Refused {
        NetworkParameters parameters = verified(Flavor.NS).parameters();

        assertThat(parameters.get("cc_alg", 0, 3, 0)).isEqualTo(2);
        assertThat(parameters.get("sendme_emit_min_version", 0, 255, 0)).isEqualTo(1);
        assertThat(parameters.get("circwindow", 100, 1000, 1000)).isEqualTo(1000);
    }

    @Test
    void readsTheWeightsOfBandwidthAndWhatRelaysSpeak() throws Malformed, Refused {
        Consensus consensus = verified(Flavor.MICRODESC);

        assertThat(consensus.bandwidthWeights().get("Wgd", 0, 10_000, 0)).isEqualTo(3_333);
        assertThat(consensus.bandwidthWeights().get("Wmm", 0, 10_000, 0)).isEqualTo(10_000);
        ProtocolVersions spoken = consensus.relays().getFirst().protocols();
        assertThat(spoken.includes("Relay", 6)).isTrue();
        assertThat(spoken.includes("Relay", 1)).isFalse();
        assertThat(spoken.includes("Conflux", 1)).isTrue();
    }

    @Test
    void certificatesVerify() throws Malformed, Refused {
        assertThat(Captured.certificates())
                .extracting(certificate -> Hex.upper(certificate.identity()))
                .containsExactlyInAnyOrderElementsOf(Captured.AUTHORITIES);
    }

    @Test
    void refusesACertificateOfAStranger() throws Malformed {
        DirectoryTrust others = new DirectoryTrust(true, Set.of("00".repeat(20)), List.of());

        for (Unverified<AuthorityCertificate> one : AuthorityCertificate.parseAll(Captured.read("certs"))) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> one.verify(others, Captured.THEN))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_AUTHORITY));
        }
    }

    @Test
    void refusesAnExpiredCertificate() throws Malformed {
        Unverified<AuthorityCertificate> one =
                AuthorityCertificate.parseAll(Captured.read("certs")).getFirst();

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> one.verify(Captured.trust(), Captured.THEN.plus(Duration.ofDays(800))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EXPIRED));
    }

    /// One bit anywhere in the signed part must cost all signatures.
    @ParameterizedTest
    @EnumSource(Flavor.class)
    void refusesAConsensusWithOneChangedByte(Flavor flavor) throws Malformed, Refused {
        byte[] text = consensus(flavor);
        int at = new String(text, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("s Exit Fast");
        text[at + 2] = 'e';
        UnverifiedConsensus parsed = UnverifiedConsensus.parse(text);
        DirectoryTrust trust = Captured.trust().with(Captured.certificates());

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> parsed.verify(trust, Captured.THEN))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_FEW_SIGNATURES));
    }

    @ParameterizedTest
    @CsvSource({"3, true", "2, true", "1, false", "0, false"})
    void needsAMajorityOfTheConfiguredAuthorities(int certificates, boolean believed) throws Malformed, Refused {
        DirectoryTrust trust = Captured.trust().with(Captured.certificates().subList(0, certificates));
        UnverifiedConsensus parsed = UnverifiedConsensus.parse(consensus(Flavor.MICRODESC));

        assertThat(parsed.missingCertificates(trust)).hasSize(3 - certificates);
        if (believed) {
            assertThat(parsed.verify(trust, Captured.THEN).relays()).hasSize(5);
        } else {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> parsed.verify(trust, Captured.THEN))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_FEW_SIGNATURES));
        }
    }

    /// The needed number counts configured authorities, not those who happen to sign: 3 of 6 are no
    /// majority.
    @Test
    void threeSignaturesAreTooFewAmongSixAuthorities() throws Malformed, Refused {
        Set<String> six = new HashSet<>(Captured.AUTHORITIES);
        six.addAll(Set.of("01".repeat(20), "02".repeat(20), "03".repeat(20)));
        DirectoryTrust trust = new DirectoryTrust(true, six, Captured.certificates());
        UnverifiedConsensus parsed = UnverifiedConsensus.parse(consensus(Flavor.NS));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> parsed.verify(trust, Captured.THEN))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_FEW_SIGNATURES));
    }

    /// valid-after 22:58:20 less 4 s of distribution and 60 s of skew; valid-until 23:00:00 and a day.
    @ParameterizedTest
    @CsvSource({
        "2026-11-21T22:57:15Z, FROM_THE_FUTURE",
        "2026-11-21T22:57:16Z,",
        "2026-11-22T23:00:00Z,",
        "2026-11-22T23:00:01Z, EXPIRED"
    })
    void believesAConsensusOnlyAroundItsTime(String now, Reason refusal) throws Malformed, Refused {
        DirectoryTrust trust = Captured.trust().with(Captured.certificates());
        UnverifiedConsensus parsed = UnverifiedConsensus.parse(consensus(Flavor.NS));

        if (refusal == null) {
            assertThat(parsed.verify(trust, Instant.parse(now)).relays()).hasSize(5);
        } else {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> parsed.verify(trust, Instant.parse(now)))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(refusal));
        }
    }

    /// The public network votes hourly; twenty seconds are for private ones only.
    @Test
    void refusesATestingIntervalOnThePublicNetwork() throws Malformed, Refused {
        DirectoryTrust trust = new DirectoryTrust(false, Captured.AUTHORITIES, Captured.certificates());
        UnverifiedConsensus parsed = UnverifiedConsensus.parse(consensus(Flavor.NS));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> parsed.verify(trust, Captured.THEN))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ODD_TIMES));
    }

    /// What stands behind the first signature is signed by nobody.
    @Test
    void refusesALineAddedBehindTheSignatures() {
        byte[] text = (new String(consensus(Flavor.NS), java.nio.charset.StandardCharsets.ISO_8859_1) + "params x=1\n")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> UnverifiedConsensus.parse(text));
    }

    @Test
    void microdescriptorsAreThoseTheConsensusNames() throws Malformed, Refused {
        Set<String> named = new HashSet<>();
        for (RouterStatus relay : verified(Flavor.MICRODESC).relays()) {
            named.add(Hex.lower(Objects.requireNonNull(relay.documentDigest())));
        }

        List<Microdescriptor> all = Microdescriptor.parseAll(Captured.read("microdescs"));

        assertThat(all).hasSize(5).allSatisfy(one -> {
            assertThat(named).contains(Hex.lower(one.digest()));
            assertThat(one.ed25519()).hasSize(32);
            assertThat(one.ntorKey()).hasSize(32);
        });
        assertThat(Hex.lower(all.getFirst().ntorKey()))
                .isEqualTo("2c579fc4905eb073c5b56032d3ce923c46c557774c3ed3cd310a8616985fc94d");
    }

    @Test
    void descriptorsVerifyAndAreThoseTheConsensusNames() throws Malformed, Refused {
        Set<String> named = new HashSet<>();
        for (RouterStatus relay : verified(Flavor.NS).relays()) {
            named.add(Hex.lower(Objects.requireNonNull(relay.documentDigest())));
        }

        List<Unverified<RouterDescriptor>> all = RouterDescriptor.parseAll(Captured.read("descriptors"));

        assertThat(all).hasSize(5);
        for (Unverified<RouterDescriptor> one : all) {
            RouterDescriptor descriptor = one.verify(Captured.trust(), Captured.THEN);
            assertThat(named).contains(Hex.lower(descriptor.digest()));
            assertThat(descriptor.orAddresses())
                    .allSatisfy(address -> assertThat(address.port()).isEqualTo(5000));
        }
        RouterDescriptor r3 = all.getFirst().verify(Captured.trust(), Captured.THEN);
        assertThat(r3.nickname()).isEqualTo("r3");
        assertThat(Hex.upper(r3.rsaDigest())).isEqualTo("1AF6981008C99956B494FD9D43CFB81C997367A0");
        assertThat(r3.orAddresses()).containsExactly(Objects.requireNonNull(RelayAddress.parseIp("127.0.77.13", 5000)));
    }

    /// Either signature alone must catch a change: the RSA one covers the Ed25519 one, which covers the
    /// rest.
    @Test
    void refusesADescriptorWithAChangedPort() throws Malformed {
        String text = new String(Captured.read("descriptors"), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("127.0.77.13 5000", "127.0.77.13 5001");
        Unverified<RouterDescriptor> changed = RouterDescriptor.parseAll(
                        text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .getFirst();

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> changed.verify(Captured.trust(), Captured.THEN))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BAD_SIGNATURE));
    }
}
