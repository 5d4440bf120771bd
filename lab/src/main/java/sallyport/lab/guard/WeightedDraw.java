package sallyport.lab.guard;

import java.util.Collection;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// Draws by weighted chance.
public final class WeightedDraw {
    private WeightedDraw() {}

    /// One of the candidates, each as often as its weight says; each alike where none has any. Null where there are
    /// no candidates.
    public static <T> @Nullable T of(Collection<T> candidates, ToLongFunction<T> weight, Entropy entropy) {
        long sum = 0;
        for (T each : candidates) {
            sum += weight.applyAsLong(each);
        }
        if (candidates.isEmpty()) {
            return null;
        }
        long left = entropy.jitter(sum == 0 ? candidates.size() : sum);
        for (T each : candidates) {
            left -= sum == 0 ? 1 : weight.applyAsLong(each);
            if (left < 0) {
                return each;
            }
        }
        throw new IllegalStateException("weights that do not add up");
    }
}
