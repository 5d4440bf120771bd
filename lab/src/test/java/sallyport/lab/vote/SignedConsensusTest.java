package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.lab.vote.SignedConsensus.Taken;

/// Authorities sign what they computed and gather each other's signatures, and all end with the same
/// document.
class SignedConsensusTest {
    private static ForgedVotes forged;
    private static Election election;

    private SignedConsensus ns;
    private SignedConsensus microdesc;

    @BeforeAll
    static void vote() throws Exception {
        forged = ForgedVotes.make();
        UnaryOperator<String> nothing = UnaryOperator.identity();
        election = new Election(forged.votes(List.of(nothing, nothing, nothing)), 3, false);
    }

    @BeforeEach
    void compute() {
        ns = new SignedConsensus(election, Flavor.NS);
        microdesc = new SignedConsensus(election, Flavor.MICRODESC);
    }

    @Test
    void authoritiesThatExchangeSignaturesHaveOneDocument() throws Exception {
        List<List<SignedConsensus>> authorities = new ArrayList<>();
        for (int voter = 0; voter < 3; voter++) {
            List<SignedConsensus> own =
                    List.of(new SignedConsensus(election, Flavor.MICRODESC), new SignedConsensus(election, Flavor.NS));
            for (SignedConsensus each : own) {
                each.sign(forged.keys(voter));
                assertThat(each.isBelieved(forged.trust())).isFalse();
            }
            authorities.add(own);
        }
        List<byte[]> sent = authorities.stream().map(SignedConsensus::detached).toList();
        for (List<SignedConsensus> each : authorities) {
            for (byte[] detached : sent.reversed()) {
                each.forEach(consensus -> consensus.take(parsed(detached)));
            }
        }
        for (int flavor = 0; flavor < 2; flavor++) {
            byte[] document = authorities.getFirst().get(flavor).document();
            for (List<SignedConsensus> each : authorities) {
                assertThat(each.get(flavor).document()).isEqualTo(document);
                assertThat(each.get(flavor).isBelieved(forged.trust())).isTrue();
            }
            Consensus read = UnverifiedConsensus.parse(document)
                    .verify(forged.trust().with(forged.certificates()), forged.then());
            assertThat(read.relays()).hasSize(9);
        }
    }

    /// The signatures of C tor's authorities, on what we computed from their votes, make their very
    /// document.
    @ParameterizedTest
    @EnumSource
    void theDocumentIsThatOfTheAuthoritiesWithTheirSignatures(Flavor flavor) throws Exception {
        AuthorityDocuments sample = AuthorityDocuments.sample();
        Election theirs = new Election(sample.verified(), 3, false);
        SignedConsensus consensus = new SignedConsensus(theirs, flavor);
        SignedConsensus either = new SignedConsensus(theirs, Flavor.NS);
        either.sign(forged.keys(0));
        SignedConsensus other = new SignedConsensus(theirs, Flavor.MICRODESC);
        other.sign(forged.keys(0));
        String detached = ForgedVotes.text(SignedConsensus.detached(List.of(either, other)));
        String signatures = (flavor == Flavor.NS ? sample.ns() : sample.microdesc())
                .substring(sample.unsigned(flavor).length());
        if (flavor == Flavor.MICRODESC) {
            signatures = signatures.replace("directory-signature ", "additional-signature microdesc ");
        }
        String start = flavor == Flavor.NS ? "\ndirectory-signature " : "\nadditional-signature ";
        int at = detached.indexOf(start) + 1;
        assertThat(consensus.take(
                        parsed(ForgedVotes.bytes(detached.substring(0, at) + signatures + detached.substring(at)))))
                .isEqualTo(Taken.ADDED);
        // That of a stranger, who did not vote, is left out.
        assertThat(ForgedVotes.text(consensus.document()))
                .isEqualTo(flavor == Flavor.NS ? sample.ns() : sample.microdesc());
    }

    @Test
    void aSignatureCountsOnce() {
        byte[] detached = detachedBy(1);
        assertThat(ns.take(parsed(detached))).isEqualTo(Taken.ADDED);
        assertThat(ns.take(parsed(detached))).isEqualTo(Taken.IGNORED);
    }

    @Test
    void aSignatureThatDoesNotHoldIsIgnored() {
        String detached = ForgedVotes.text(detachedBy(1));
        int at = detached.lastIndexOf("-----BEGIN SIGNATURE-----\n") + 30;
        char other = detached.charAt(at) == 'A' ? 'B' : 'A';
        byte[] forgedOnce = ForgedVotes.bytes(detached.substring(0, at) + other + detached.substring(at + 1));
        assertThat(ns.take(parsed(forgedOnce))).isEqualTo(Taken.IGNORED);
        assertThat(microdesc.take(parsed(forgedOnce))).isEqualTo(Taken.ADDED);
        String keys = forged.keys(1).v3Identity();
        byte[] underAnother =
                ForgedVotes.bytes(detached.replace(keys, forged.keys(2).v3Identity()));
        assertThat(ns.take(parsed(underAnother))).isEqualTo(Taken.IGNORED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "valid-after .* | valid-after 2026-01-01 00:00:00",
                "fresh-until .* | fresh-until 2026-01-01 00:00:00",
                "valid-until .* | valid-until 2026-01-01 00:00:00",
                "consensus-digest .* | consensus-digest 0000000000000000000000000000000000000000",
            })
    void signaturesOfAnotherConsensusAreRefused(String pattern, String other) {
        String detached = ForgedVotes.text(detachedBy(1)).replaceFirst(pattern, other);
        Taken taken = ns.take(parsed(ForgedVotes.bytes(detached)));
        assertThat(taken).isEqualTo(Taken.OTHER_CONSENSUS);
        assertThat(taken.status()).isEqualTo(400);
    }

    @Test
    void signaturesWithoutThoseOfAFlavorAreRefusedForIt() {
        String detached = ForgedVotes.text(detachedBy(1)).replaceAll("(?s)additional-signature.*?-----END.*?\n", "");
        assertThat(microdesc.take(parsed(ForgedVotes.bytes(detached)))).isEqualTo(Taken.NONE);
        assertThat(ns.take(parsed(ForgedVotes.bytes(detached)))).isEqualTo(Taken.ADDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consensus-digest .*\\n | ''",
                "consensus-digest .* | consensus-digest 00",
                "consensus-digest | another-keyword 1\\nconsensus-digest",
                "additional-digest .* | additional-digest microdesc sha256 00",
                "valid-after .* | valid-after never",
                "valid-until .*\\n | ''",
                "directory-signature \\S+ | directory-signature 00",
                "directory-signature \\S+ \\S+ | directory-signature 00",
                "BEGIN SIGNATURE | BEGIN SOMETHING",
                "(?s)directory-signature.* | ''",
                "(?s)(directory-signature .*?BEGIN SIGNATURE-----\\n).*?\\n | $1",
            })
    void whatIsMisshapenIsRefused(String pattern, String other) {
        String detached = ForgedVotes.text(detachedBy(1));
        String changed = detached.replaceFirst(pattern, other.replace("\\n", "\n"));
        assertThat(changed).isNotEqualTo(detached);
        assertThatThrownBy(() -> DetachedSignatures.parse(ForgedVotes.bytes(changed)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void oneAuthoritysOfferIsBounded() {
        String line = "directory-signature x y\n".repeat(DetachedSignatures.BYTES_MAX / 24 + 1);
        assertThatThrownBy(() -> DetachedSignatures.parse(ForgedVotes.bytes(line)))
                .isInstanceOf(Malformed.class);
        assertThat(Pattern.compile("directory-signature")
                        .matcher(ForgedVotes.text(detachedBy(0)))
                        .results())
                .hasSize(1);
    }

    private static byte[] detachedBy(int voter) {
        SignedConsensus first = new SignedConsensus(election, Flavor.NS);
        SignedConsensus second = new SignedConsensus(election, Flavor.MICRODESC);
        first.sign(forged.keys(voter));
        second.sign(forged.keys(voter));
        return SignedConsensus.detached(List.of(first, second));
    }

    private static DetachedSignatures parsed(byte[] detached) {
        try {
            return DetachedSignatures.parse(detached);
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }
}
