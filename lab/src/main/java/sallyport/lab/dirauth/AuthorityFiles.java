package sallyport.lab.dirauth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.world.World;
import sallyport.lab.roster.HeldDescriptor;
import sallyport.lab.roster.Kept;
import sallyport.lab.roster.Roster;
import sallyport.lab.roster.RosterSettings;
import sallyport.lab.sharedrandom.SharedRandomFile;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.vote.UnverifiedVote;
import sallyport.lab.vote.Vote;

/// What an authority keeps on disk and takes up again: its last consensus, the votes for it, the relays it
/// knows, and its part in the shared random protocol. A file that cannot be written is missed at the next
/// start, not now. Control tasks only.
final class AuthorityFiles {
    private static final String DIRECTORY = "authority/";
    // As C tor names it.
    private static final String VOTES = DIRECTORY + "v3-status-votes";
    private static final String RELAYS = DIRECTORY + "relays";
    private static final String PINS = DIRECTORY + "key-pinning-journal";
    private static final String STABILITY = DIRECTORY + "router-stability";
    private static final String RANDOM = DIRECTORY + SharedRandomFile.NAME;
    // Ours: descriptors and extra-info documents of ten thousand relays.
    private static final int RELAYS_BYTES_MAX = 256 << 20;
    // Ours: as many lines as there may be pins, and again as many that were replaced.
    private static final int PINS_BYTES_MAX = 2 * 72 * Roster.PINS_MAX;
    // Ours: a kilobyte for every relay there may be, some lines each.
    private static final int STABILITY_BYTES_MAX = 1024 * Roster.RELAYS_MAX;

    private final World world;
    private final String nickname;

    /// @param nickname of the authority, for the log
    AuthorityFiles(World world, String nickname) {
        this.world = world;
        this.nickname = nickname;
    }

    void keepConsensus(Flavor flavor, byte[] document) {
        write(consensusFile(flavor), document);
    }

    /// The last consensus of that flavour, not believed yet.
    Optional<UnverifiedConsensus> consensus(Flavor flavor) {
        try {
            Optional<byte[]> kept = read(consensusFile(flavor), UnverifiedConsensus.BYTES_MAX);
            return kept.isEmpty() ? Optional.empty() : Optional.of(UnverifiedConsensus.parse(kept.get()));
        } catch (Malformed e) {
            damaged(consensusFile(flavor));
            return Optional.empty();
        }
    }

    void keepVotes(List<Vote> votes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        votes.forEach(vote -> all.writeBytes(vote.text()));
        write(VOTES, all.toByteArray());
    }

    /// Those of the last round whose signatures hold.
    List<Vote> votes(DirectoryTrust trust, Instant now) {
        List<Vote> votes = new ArrayList<>();
        for (byte[] vote : VoteFile.split(read(VOTES, UnverifiedVote.BYTES_MAX).orElse(new byte[0]))) {
            try {
                votes.add(UnverifiedVote.parse(vote).verify(trust, now));
            } catch (Malformed | Refused e) {
                damaged(VOTES);
            }
        }
        return votes;
    }

    /// Descriptors and extra-info documents as they were posted.
    void keepRelays(AuthorityDesk desk, Instant now) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (HeldDescriptor each : desk.descriptors()) {
            all.writeBytes(each.text());
            desk.extraInfoOf(each.fingerprint()).ifPresent(extraInfo -> all.writeBytes(extraInfo.text()));
        }
        write(RELAYS, all.toByteArray());
        String pins = desk.newPins();
        if (!pins.isEmpty()) {
            write(PINS, ascii(text(PINS, PINS_BYTES_MAX) + pins));
        }
        write(STABILITY, ascii(desk.stability(now)));
    }

    /// Pinned keys, and how reliably relays have run.
    Kept kept(RosterSettings settings, Instant now) {
        Kept kept = Kept.nothing(settings);
        var _ = kept.pins().load(text(PINS, PINS_BYTES_MAX));
        String stability = text(STABILITY, STABILITY_BYTES_MAX);
        if (!stability.isEmpty() && !kept.history().load(stability, now)) {
            damaged(STABILITY);
        }
        return kept;
    }

    private String text(String name, int bytesMax) {
        return new String(read(name, bytesMax).orElse(new byte[0]), StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    Optional<byte[]> relays() {
        return read(RELAYS, RELAYS_BYTES_MAX);
    }

    void keepRandom(AuthorityDesk desk) {
        desk.randomFile().ifPresent(content -> write(RANDOM, content));
    }

    /// Our part in the run that goes on; a new one where that is over or unknown.
    SharedRandomState random(SharedRandomState.Self self, Instant now, Duration interval) {
        return read(RANDOM, SharedRandomFile.BYTES_MAX)
                .flatMap(kept -> SharedRandomFile.read(kept, self, now, interval))
                .orElseGet(() -> SharedRandomState.fresh(self, now, interval));
    }

    private static String consensusFile(Flavor flavor) {
        return DIRECTORY + flavor.name().toLowerCase(Locale.ROOT) + "-consensus";
    }

    private Optional<byte[]> read(String name, int bytesMax) {
        try {
            return world.storage().read(name, bytesMax);
        } catch (IOException e) {
            world.log().warn(nickname, "cannot read " + world.storage().describe(name));
            return Optional.empty();
        }
    }

    private void write(String name, byte[] content) {
        try {
            world.storage().write(name, content);
        } catch (IOException e) {
            world.log().warn(nickname, "cannot write " + world.storage().describe(name));
        }
    }

    private void damaged(String name) {
        world.log().warn(nickname, world.storage().describe(name) + " is damaged and will be replaced");
    }
}
