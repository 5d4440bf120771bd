package sallyport.engine.world;

import io.netty.channel.EventLoop;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A few platform threads for CPU-heavy work, with a bounded queue per class: what does not fit is
/// refused at once.
public interface Workers {
    /// Classes of work; each has its own queue, so bulk work never keeps an onion skin waiting.
    enum Kind {
        ONION_SKIN,
        CERTIFICATE,
        BULK
    }

    /// The answer: exactly one of both is non-null, except for a work that returns null.
    @FunctionalInterface
    interface Answer<T> {
        void done(@Nullable T value, @Nullable Throwable failure);
    }

    /// Runs `work` on a worker and `answer` on `loop`. Returns false, and runs neither, when the queue is
    /// full.
    <T> boolean submit(Kind kind, Callable<T> work, EventLoop loop, Answer<T> answer);

    /// Works of that kind that no thread has begun.
    int waiting(Kind kind);

    /// How many threads serve that kind, at least one.
    int threads(Kind kind);
}
