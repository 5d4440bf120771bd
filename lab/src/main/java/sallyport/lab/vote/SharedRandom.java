package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Values;

/// What a vote says of shared random values (srv-spec 4.1).
///
/// @param participates whether its values count
/// @param revealing whether the commitments are written with what was revealed
/// @param commitments in the order of their lines, those of other authorities among them
public record SharedRandom(
        boolean participates,
        boolean revealing,
        List<Commitment> commitments,
        @Nullable Value previous,
        @Nullable Value current) {
    /// What an authority says that takes no part.
    public static final SharedRandom NONE = new SharedRandom(false, false, List.of(), null, null);

    // Ours: an authority repeats the commitments of all others, of which there are ten.
    private static final int COMMITMENTS_MAX = 1_000;
    private static final String PARTICIPATE = "shared-rand-participate";
    private static final String COMMIT = "shared-rand-commit";
    private static final String PREVIOUS = "shared-rand-previous-value";
    private static final String CURRENT = "shared-rand-current-value";
    private static final Syntax CONSENSUS = Syntax.of(Rule.atMostOnce(PREVIOUS, 2), Rule.atMostOnce(CURRENT, 2));
    private static final int VALUE_BYTES = 32;
    private static final int VALUE_CHARS = 44;

    /// One shared random value.
    ///
    /// @param reveals how many authorities it was made of
    @SuppressWarnings("ArrayRecordComponent")
    public record Value(long reveals, byte[] bytes) {
        /// Reads `reveals value`, as it stands on disk; null where it is misshapen.
        public static @Nullable Value of(String text) {
            return of(new Item("", text.strip(), null, null, 0));
        }

        /// Reads `reveals value`; null where the line is absent or misshapen, which C tor overlooks.
        static @Nullable Value of(@Nullable Item line) {
            try {
                if (line == null || line.argument(1).length() != VALUE_CHARS) {
                    return null;
                }
                return new Value(
                        Values.number(line.argument(0), 0, Long.MAX_VALUE),
                        Values.base64(line.argument(1), VALUE_BYTES));
            } catch (Malformed e) {
                return null;
            }
        }

        /// `reveals value`.
        public String line() {
            return reveals + " " + Base64.getEncoder().encodeToString(bytes);
        }
    }

    public SharedRandom {
        commitments = List.copyOf(commitments);
    }

    /// Reads the lines of a vote's header. Commitments of another shape are passed over, as C tor does.
    static SharedRandom of(Items header) throws Malformed {
        boolean participates = header.maybe(PARTICIPATE) != null;
        List<Item> lines = header.all(COMMIT);
        if (lines.size() > COMMITMENTS_MAX) {
            throw new Malformed("too many commitments");
        }
        List<@Nullable Commitment> commitments = new ArrayList<>();
        for (Item line : lines) {
            commitments.add(Commitment.of(line.arguments()));
        }
        List<Commitment> read = participates ? Counting.present(commitments) : List.of();
        return new SharedRandom(
                participates,
                read.stream().anyMatch(commitment -> commitment.reveal() != null),
                read,
                Value.of(header.maybe(PREVIOUS)),
                Value.of(header.maybe(CURRENT)));
    }

    /// Its lines in a vote, without their ends.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (participates) {
            lines.add(PARTICIPATE);
            for (Commitment commitment : commitments) {
                // As C tor: who has not revealed leaves a space in the second phase.
                lines.add(COMMIT + " " + commitment.line(revealing)
                        + (revealing && commitment.reveal() == null ? " " : ""));
            }
            lines.addAll(values(previous, current));
        }
        return lines;
    }

    /// The lines of values that are there, in a vote or a consensus.
    static List<String> values(@Nullable Value previous, @Nullable Value current) {
        List<String> lines = new ArrayList<>();
        if (previous != null) {
            lines.add(PREVIOUS + " " + previous.line());
        }
        if (current != null) {
            lines.add(CURRENT + " " + current.line());
        }
        return lines;
    }

    /// The values that a consensus names.
    public static SharedRandom ofConsensus(byte[] document) throws Malformed {
        Items header = Items.read(document, 0, headerEnd(document), CONSENSUS);
        return new SharedRandom(
                true, false, List.of(), Value.of(header.maybe(PREVIOUS)), Value.of(header.maybe(CURRENT)));
    }

    private static int headerEnd(byte[] document) {
        String text = new String(document, StandardCharsets.ISO_8859_1);
        int sources = text.indexOf("\ndir-source ");
        return sources < 0 ? document.length : sources + 1;
    }

    /// The value that enough votes name; null where none is (srv-spec 3.3).
    ///
    /// @param needed how many votes have to name it
    static @Nullable Value agreed(List<@Nullable Value> named, int needed) {
        List<Value> sorted = Counting.present(named);
        Comparator<Value> byBytes = (a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes());
        sorted.sort(byBytes);
        Value winner = Counting.mostFrequent(sorted, byBytes);
        if (winner == null) {
            return null;
        }
        long count = sorted.stream()
                .filter(value -> byBytes.compare(value, winner) == 0)
                .count();
        return count < needed ? null : winner;
    }
}
