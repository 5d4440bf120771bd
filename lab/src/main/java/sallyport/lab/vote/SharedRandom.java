package sallyport.lab.vote;

import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Values;

/// What a vote says of shared random values (srv-spec).
///
/// @param participates whether its values count
public record SharedRandom(
        boolean participates,
        @Nullable Value previous,
        @Nullable Value current) {
    private static final int VALUE_BYTES = 32;
    private static final int VALUE_CHARS = 44;

    /// One shared random value.
    ///
    /// @param reveals how many authorities it was made of
    @SuppressWarnings("ArrayRecordComponent")
    public record Value(long reveals, byte[] bytes) {
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

        String line(String keyword) {
            return keyword + " " + reveals + " " + Base64.getEncoder().encodeToString(bytes);
        }
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
