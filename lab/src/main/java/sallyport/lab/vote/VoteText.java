package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Times;

/// Writes a vote (dir-spec 3.4.1) in C tor's order, and signs it.
public final class VoteText {
    private static final String SIGNATURE = "directory-signature ";
    // Another order than in a consensus, as C tor has it.
    private static final List<String> PROTOCOL_KEYWORDS = List.of(
            "recommended-relay-protocols",
            "recommended-client-protocols",
            "required-relay-protocols",
            "required-client-protocols");

    private final StringBuilder text = new StringBuilder(1 << 16);

    private VoteText() {}

    /// The document, in ISO-8859-1.
    public static byte[] signed(Ballot ballot, VotingKeys keys) {
        VoteText vote = new VoteText();
        vote.header(ballot);
        vote.text.append(new String(keys.certificate(), StandardCharsets.ISO_8859_1));
        ballot.entries().forEach(vote::write);
        vote.line("directory-footer");
        byte[] digest = Hashes.sha1((vote.text + SIGNATURE).getBytes(StandardCharsets.ISO_8859_1));
        vote.text.append(keys.sign(digest).text(SIGNATURE));
        return vote.text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// One relay's entry.
    static String entry(VoteEntry entry) {
        VoteText vote = new VoteText();
        vote.write(entry);
        return vote.text.toString();
    }

    private void header(Ballot ballot) {
        VoteTimes times = ballot.times();
        line("network-status-version 3");
        line("vote-status vote");
        line("consensus-methods "
                + new TreeSet<>(ballot.methods()).stream().map(String::valueOf).collect(Collectors.joining(" ")));
        line("published " + Times.text(ballot.published()));
        line("valid-after " + Times.text(times.validAfter()));
        line("fresh-until " + Times.text(times.freshUntil()));
        line("valid-until " + Times.text(times.validUntil()));
        line("voting-delay " + times.voteSeconds() + " " + times.distSeconds());
        maybe("client-versions", ballot.clientVersions());
        maybe("server-versions", ballot.serverVersions());
        ballot.packages().forEach(value -> line("package " + value));
        PROTOCOL_KEYWORDS.forEach(keyword -> maybe(keyword, ballot.protocols().get(keyword)));
        line("known-flags " + String.join(" ", ballot.knownFlags()));
        VoteRemarks remarks = ballot.remarks();
        maybe("flag-thresholds", remarks.flagThresholds());
        line("params " + parameters(ballot.parameters()));
        maybe("bandwidth-file-headers", remarks.bandwidthFileHeaders());
        maybe("bandwidth-file-digest", remarks.bandwidthFileDigest());
        Voter voter = ballot.voter();
        line(voter.source(voter.nickname(), voter.identity()));
        line("contact " + voter.contact());
        ballot.random().lines().forEach(this::line);
        if (voter.legacyIdentity() != null) {
            line("legacy-dir-key " + Hex.upper(voter.legacyIdentity()));
        }
    }

    private void write(VoteEntry entry) {
        line("r " + entry.nickname() + " " + VoteEntry.base64(entry.identity()) + " "
                + VoteEntry.base64(entry.descriptorDigest()) + " " + Times.text(entry.published()) + " "
                + entry.ipv4().host() + " " + entry.ipv4().port() + " " + entry.dirPort());
        if (entry.ipv6() != null) {
            line("a " + entry.ipv6());
        }
        text.append('s');
        new TreeSet<>(entry.flags()).forEach(flag -> text.append(' ').append(flag));
        text.append('\n');
        maybe("v", entry.version());
        line("pr " + entry.protocols());
        if (entry.bandwidthKb() != null) {
            line("w Bandwidth=" + entry.bandwidthKb()
                    + (entry.measuredKb() == null ? "" : " Measured=" + entry.measuredKb())
                    + (entry.uncountedKb() == null ? "" : " MeasuredButAuthority=" + entry.uncountedKb())
                    + (entry.guardFraction() == null ? "" : " GuardFraction=" + entry.guardFraction()));
        }
        maybe("p", entry.policy());
        byte[] ed25519 = entry.ed25519();
        if (ed25519 != null) {
            line("id ed25519 " + (Hashes.isAllZero(ed25519) ? "none" : VoteEntry.base64(ed25519)));
        }
        if (entry.history() != null) {
            line("stats " + entry.history().line());
        }
        entry.microdescriptors().forEach(value -> line("m " + value));
    }

    static String parameters(Map<String, Integer> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    private void maybe(String keyword, @Nullable String value) {
        if (value != null) {
            line(keyword + " " + value);
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
