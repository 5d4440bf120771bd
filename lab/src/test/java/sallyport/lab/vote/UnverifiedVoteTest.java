package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.Refused.Reason;

/// A vote is read whole or refused, and nothing of it is believed that its authority did not sign.
class UnverifiedVoteTest {
    private static ForgedVotes forged;
    private static String text;

    @BeforeAll
    static void make() throws Exception {
        forged = ForgedVotes.make();
        text = forged.signed(forged.body());
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        Vote read = UnverifiedVote.parse(ForgedVotes.bytes(text)).verify(forged.trust(), forged.then());
        assertThat(VoteText.signed(read.ballot(), forged.keys())).isEqualTo(ForgedVotes.bytes(text));
    }

    /// Whatever C tor wrote stands in the ballot: all but certificate and signature comes back byte for
    /// byte.
    @Test
    void ofCTorsVotesNothingIsLost() throws Exception {
        for (Vote vote : AuthorityDocuments.sample().verified()) {
            AuthorityDocuments.Said said = AuthorityDocuments.written(vote, forged.keys());
            assertThat(said.ours()).isEqualTo(said.theirs());
        }
    }

    @Test
    void aVoteOfAStrangerIsRefused() throws Exception {
        assertRefused(text, ForgedVotes.strangers(), Reason.UNKNOWN_AUTHORITY);
    }

    @Test
    void aVoteThatWasChangedIsRefused() throws Exception {
        assertRefused(
                text.replaceFirst("\nw Bandwidth=[0-9]+", "\nw Bandwidth=9999"), forged.trust(), Reason.BAD_SIGNATURE);
        assertRefused(text.replaceFirst("\ncontact ", "\ncontact x"), forged.trust(), Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "voting-delay 3 3 | voting-delay 1 3",
                "voting-delay 3 3 | voting-delay 3 1",
                "fresh-until [-0-9]+ [0-9:]+ | fresh-until 2020-01-01 00:00:00",
                "valid-until [-0-9]+ [0-9:]+ | valid-until 2020-01-01 00:00:00",
            })
    void timesWithoutRoomAreRefused(String line, String other) throws Exception {
        assertRefused(
                signed(body().replaceFirst("\n" + line + "\n", "\n" + other + "\n")), forged.trust(), Reason.ODD_TIMES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network-status-version 3\\n | network-status-version 4\\n",
                "network-status-version 3\\n | network-status-version 3 microdesc\\n",
                "vote-status vote | vote-status consensus",
                "vote-status vote | vote-status opinion",
                "consensus-methods [ 0-9]+ | consensus-methods",
                "consensus-methods [ 0-9]+ | consensus-methods x",
                "known-flags Authority BadExit | known-flags BadExit Authority",
                "known-flags Authority  | known-flags ",
                "params \\S+ | params a",
                "params \\S+ | params z=1",
                "params \\S+ | params =1",
                "params \\S+ | params A=2147483648",
                "shared-rand-commit .* | shared-rand-commit 1 sha3-256",
                "required-relay-protocols .* | required-relay-protocols Link",
                "published \\S+ \\S+ | published 2026-13-01 00:00:00",
                "valid-after .* | valid-after now",
                "contact .*\\n | ''",
                "dir-source (\\S+) \\S+ | dir-source $1 0000000000000000000000000000000000000000",
                "dir-source (\\S+ \\S+ \\S+) \\S+ | dir-source $1 nowhere",
                "dir-key-certificate-version 3 | dir-key-certificate-version 2",
                "dir-key-certificate-version 3 | another-keyword 3",
                "\\nr (\\S+) | \\nr bad_nickname",
                "\\nr (\\S+) \\S+ | \\nr $1 AAAA",
                "\\nr (.*) [0-9]+\\n | \\nr $1\\n",
                "\\nr (.*) [0-9]+ [0-9]+\\n | \\nr $1 65536 0\\n",
                "\\ns .*\\n | \\ns Unheard\\n",
                "\\ns .*\\n | \\n",
                "\\npr .*\\n | \\n",
                "\\npr .*\\n | \\npr Link=1-\\n",
                "\\nw .*\\n | \\nw Bandwidth=x\\n",
                "\\nw .*\\n | \\nw Bandwidth=4294967296\\n",
                "\\nw .*\\n | \\nw Measured=-1\\n",
                "\\nw .*\\n | \\nw GuardFraction=101\\n",
                "\\np .*\\n | \\np allow 1-65535\\n",
                "\\nid ed25519 .*\\n | \\nid ed25519 AAAA\\n",
            })
    void aVoteThatIsSignedButMisshapenIsRefused(String pattern, String other) {
        String changed = body().replaceFirst(pattern.replace("\\\\", "\\"), other.replace("\\n", "\n"));
        assertThat(changed).isNotEqualTo(body());
        assertThatThrownBy(() ->
                        UnverifiedVote.parse(ForgedVotes.bytes(signed(changed))).verify(forged.trust(), forged.then()))
                .isInstanceOf(Malformed.class);
    }

    static List<String> twiceOrOutOfOrder() {
        String[] parts = body().split("(?<=\n)(?=r )", -1);
        String first = parts[1];
        String second = parts[2];
        String ed25519 = first.replaceFirst("(?s).*\n(id ed25519 \\S+\n).*", "$1");
        return List.of(
                body().replace(first + second, second + first),
                body().replace(first, first + first),
                body().replace(second, second.replaceFirst("id ed25519 \\S+\n", ed25519)),
                body() + "directory-footer\n");
    }

    @ParameterizedTest
    @MethodSource
    void twiceOrOutOfOrder(String changed) {
        assertThatThrownBy(() ->
                        UnverifiedVote.parse(ForgedVotes.bytes(signed(changed))).verify(forged.trust(), forged.then()))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void whatFollowsTheSignatureIsRefused() {
        for (String more : List.of("r x\n", text, "directory-signature a b\n")) {
            assertThatThrownBy(() ->
                            UnverifiedVote.parse(ForgedVotes.bytes(text + more)).verify(forged.trust(), forged.then()))
                    .isInstanceOf(Malformed.class);
        }
    }

    /// Any bytes are read or refused, by a checked exception.
    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(6);
        for (int run = 0; run < 2_000; run++) {
            byte[] bytes = ForgedVotes.bytes(text);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                byte[] part = Arrays.copyOf(bytes, bytes.length - (run % 3 == 0 ? random.nextInt(5_000) : 0));
                UnverifiedVote.parse(part).verify(forged.trust(), forged.then());
            } catch (Malformed | Refused expected) {
                // Nearly all: what stands in front of the signature is signed.
            }
        }
    }

    private static void assertRefused(String vote, DirectoryTrust by, Reason reason) throws Malformed {
        UnverifiedVote parsed = UnverifiedVote.parse(ForgedVotes.bytes(vote));
        assertThatThrownBy(() -> parsed.verify(by, forged.then()))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static String body() {
        return forged.body();
    }

    private static String signed(String body) {
        return forged.signed(body);
    }
}
