package sallyport.engine.dirserver;

import java.util.function.Consumer;

/// Answers the requests for some paths. Runs on the loop of the stream that asked.
@FunctionalInterface
public interface DirRoute {
    /// Answers through `reply`, once: within this call, or later from any thread. By then the client may have gone; the
    /// answer is then dropped. Never waits.
    void handle(DirRequest request, Consumer<DirAnswer> reply);
}
