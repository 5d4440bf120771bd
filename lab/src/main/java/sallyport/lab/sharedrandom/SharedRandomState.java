package sallyport.lab.sharedrandom;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.lab.vote.Commitment;
import sallyport.lab.vote.SharedRandom;

/// What one authority knows of the current run of the shared random protocol. Not for several threads.
///
/// Holds one commitment of each configured authority, whatever is sent.
public final class SharedRandomState {
    private final Self self;
    // By identity in upper-case hex.
    private final TreeMap<String, Commitment> commitments = new TreeMap<>();
    private Phase phase;
    private Instant validAfter;
    private Instant validUntil;
    private SharedRandom.@Nullable Value previous;
    private SharedRandom.@Nullable Value current;
    private boolean fresh;

    /// Whose state it is.
    ///
    /// @param identity SHA-1 of its v3 identity key
    /// @param authorities the identities of all, itself among them, in upper-case hex
    /// @param random as many random bytes as asked for
    @SuppressWarnings("ArrayRecordComponent")
    public record Self(byte[] identity, Set<String> authorities, IntFunction<byte[]> random) {
        public Self {
            authorities = Set.copyOf(authorities);
        }
    }

    private SharedRandomState(Self self, Phase phase, Instant validAfter, Instant validUntil) {
        this.self = self;
        this.phase = phase;
        this.validAfter = validAfter;
        this.validUntil = validUntil;
    }

    /// That of an authority that knows nothing, to be prepared for its first round.
    ///
    /// @param interval from one consensus to the next, as `prepare` has it
    public static SharedRandomState fresh(Self self, Instant now, Duration interval) {
        return new SharedRandomState(self, Phase.of(now, interval), Instant.EPOCH, endOfRun(now, interval));
    }

    /// One that was kept.
    static SharedRandomState restored(Self self, Kept kept, Duration interval) {
        SharedRandomState state = new SharedRandomState(
                self, Phase.of(kept.validAfter(), interval), kept.validAfter(), kept.validUntil());
        kept.commitments().forEach(commitment -> state.commitments.put(key(commitment), commitment));
        state.previous = kept.previous();
        state.current = kept.current();
        return state;
    }

    /// Gets ready for the round whose consensus begins at `next`; a second call for one round changes
    /// nothing. Where that round is the first of a run, the value of the run before is computed.
    ///
    /// @param interval that of the live consensus (fresh-until less valid-after); where there is none, that
    /// of the configuration
    public void prepare(Instant next, Duration interval) {
        if (!next.isAfter(validAfter)) {
            return;
        }
        Phase coming = Phase.of(next, interval);
        if (coming == Phase.COMMIT && phase == Phase.REVEAL) {
            previous = current;
            current = Commitments.value(believed(), previous);
            fresh = true;
            commitments.clear();
            validUntil = endOfRun(next, interval).minus(interval);
        }
        phase = coming;
        // Also in the middle of a first phase: whoever starts takes part at once.
        if (phase == Phase.COMMIT && commitments.isEmpty()) {
            Commitment own =
                    Commitments.make(self.identity(), next, self.random().apply(Commitments.RANDOM_BYTES));
            commitments.put(key(own), own);
        }
        validAfter = next;
    }

    /// Takes what a vote of this round says of its own authority. What it says of others is not believed.
    ///
    /// @param voter its identity, which has signed it
    /// @return whether anything was new
    public boolean take(byte[] voter, SharedRandom said) {
        boolean any = false;
        for (Commitment commitment : said.commitments()) {
            String key = key(commitment);
            Commitment kept = commitments.get(key);
            if (!key.equals(Hex.upper(voter)) || !self.authorities().contains(key) || !isNews(commitment, kept)) {
                continue;
            }
            commitments.put(key, kept == null ? commitment : kept.revealing(commitment));
            any = true;
        }
        return any;
    }

    private boolean isNews(Commitment commitment, @Nullable Commitment kept) {
        return switch (phase) {
            // The first one binds; nobody reveals anything yet.
            case COMMIT -> kept == null && commitment.reveal() == null;
            // srv-spec 3.2: of those who had committed themselves, and only what they had committed to.
            case REVEAL ->
                kept != null
                        && kept.reveal() == null
                        && kept.commit().equals(commitment.commit())
                        && commitment.holds();
        };
    }

    /// What to say in our own vote.
    public SharedRandom said() {
        return new SharedRandom(true, phase == Phase.REVEAL, List.copyOf(commitments.values()), previous, current);
    }

    /// Whether the current value was made since the last consensus: then more authorities have to agree on
    /// it (srv-spec 4.1.4).
    public boolean isFresh() {
        return fresh;
    }

    /// Believes what a consensus says, or that it says nothing, over what we thought.
    public void follow(SharedRandom consensus) {
        previous = consensus.previous();
        current = consensus.current();
        fresh = false;
    }

    /// All that is to be kept.
    Kept kept() {
        return new Kept(validAfter, validUntil, commitments.values(), previous, current);
    }

    /// @param validAfter the round it was prepared for
    /// @param validUntil when its run is over
    record Kept(
            Instant validAfter,
            Instant validUntil,
            Collection<Commitment> commitments,
            SharedRandom.@Nullable Value previous,
            SharedRandom.@Nullable Value current) {
        Kept {
            commitments = List.copyOf(commitments);
        }
    }

    /// A file may hold those of an authority that has gone since.
    private List<Commitment> believed() {
        return commitments.values().stream()
                .filter(commitment -> self.authorities().contains(key(commitment)))
                .toList();
    }

    private static Instant endOfRun(Instant time, Duration interval) {
        long round = time.getEpochSecond() / interval.toSeconds();
        long left = Phase.ROUNDS_OF_RUN - Phase.round(time, interval);
        return Instant.ofEpochSecond((round + left) * interval.toSeconds());
    }

    private static String key(Commitment commitment) {
        return Hex.upper(commitment.identity());
    }
}
