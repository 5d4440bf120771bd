package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Times;

/// Writes what stands in a consensus before its relays (dir-spec 3.4.1).
final class ConsensusHeader {
    private final Election election;
    private final StringBuilder text;

    private ConsensusHeader(Election election, StringBuilder text) {
        this.election = election;
        this.text = text;
    }

    static void write(Election election, Flavor flavor, StringBuilder text) {
        ConsensusHeader header = new ConsensusHeader(election, text);
        header.line("network-status-version 3" + (flavor == Flavor.NS ? "" : " " + flavor.word()));
        header.line("vote-status consensus");
        header.line("consensus-method " + election.method());
        header.times();
        header.line("client-versions " + header.versions(Ballot::clientVersions));
        header.line("server-versions " + header.versions(Ballot::serverVersions));
        if (election.method() < ConsensusMethods.OMIT_PACKAGES) {
            PackageLines.agreed(election.votes()).forEach(header::line);
        }
        header.line("known-flags " + String.join(" ", election.flags()));
        header.protocols();
        if (!election.parameters().isEmpty()) {
            header.line("params " + VoteText.parameters(election.parameters()));
        }
        header.random();
        header.sources();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void times() {
        VoteTimes times = election.times();
        line("valid-after " + Times.text(times.validAfter()));
        line("fresh-until " + Times.text(times.freshUntil()));
        line("valid-until " + Times.text(times.validUntil()));
        line("voting-delay " + times.voteSeconds() + " " + times.distSeconds());
    }

    /// dir-spec 3.8.1: what more than half of those who recommend any versions recommend.
    private String versions(Function<Ballot, @Nullable String> of) {
        List<String> combined = new ArrayList<>();
        int voters = 0;
        for (Vote vote : election.votes()) {
            String list = of.apply(vote.ballot());
            if (list == null) {
                continue;
            }
            voters++;
            List<String> own = new ArrayList<>();
            for (String version : list.split(",", -1)) {
                String stripped = version.strip();
                if (!stripped.isEmpty() && own.stream().noneMatch(v -> TorVersion.TEXTS.compare(v, stripped) == 0)) {
                    own.add(stripped);
                }
            }
            combined.addAll(own);
        }
        combined.sort(TorVersion.TEXTS);
        return String.join(",", Counting.moreOftenThan(voters / 2, combined));
    }

    /// What half of the authorities recommend, and what two thirds require.
    private void protocols() {
        int authorities = election.authorities();
        for (String keyword : Ballot.PROTOCOL_KEYWORDS) {
            int needed = keyword.startsWith("required-") ? (2 * authorities + 2) / 3 : (authorities + 1) / 2;
            List<ProtocolList> lists = new ArrayList<>();
            for (Vote vote : election.votes()) {
                String list = vote.ballot().protocols().get(keyword);
                if (list != null) {
                    lists.add(parsed(list));
                }
            }
            line(keyword + " " + ProtocolList.agreed(lists, needed));
        }
    }

    private static ProtocolList parsed(String list) {
        try {
            return ProtocolList.parse(list);
        } catch (Malformed e) {
            throw new IllegalStateException("a vote with protocols that were never checked", e);
        }
    }

    private void random() {
        int needed = election.authorities() / 2 + 1;
        if (election.randomIsFresh()) {
            int agreements = election.parameter("AuthDirNumSRVAgreements", election.authorities() * 2 / 3);
            needed = Math.max(needed, agreements);
        }
        SharedRandom.values(agreed(SharedRandom::previous, needed), agreed(SharedRandom::current, needed))
                .forEach(this::line);
    }

    private SharedRandom.@Nullable Value agreed(
            Function<SharedRandom, SharedRandom.@Nullable Value> which, int needed) {
        List<SharedRandom.@Nullable Value> named = new ArrayList<>();
        for (Vote vote : election.votes()) {
            named.add(
                    vote.ballot().random().participates()
                            ? which.apply(vote.ballot().random())
                            : null);
        }
        return SharedRandom.agreed(named, needed);
    }

    /// An authority under one of its identities.
    @SuppressWarnings("ArrayRecordComponent")
    private record Source(Vote vote, byte[] id, boolean legacy) {}

    private void sources() {
        List<Source> sources = new ArrayList<>();
        for (Vote vote : election.votes()) {
            sources.add(new Source(vote, vote.voter().identity(), false));
            byte[] legacy = vote.voter().legacyIdentity();
            if (legacy != null) {
                sources.add(new Source(vote, legacy, true));
            }
        }
        sources.sort(Comparator.comparing(Source::id, Arrays::compareUnsigned));
        for (Source source : sources) {
            Voter voter = source.vote().voter();
            line(voter.source(voter.nickname() + (source.legacy() ? "-legacy" : ""), source.id()));
            if (!source.legacy()) {
                line("contact " + voter.contact());
                line("vote-digest " + Hex.upper(source.vote().digest()));
            }
        }
    }
}
