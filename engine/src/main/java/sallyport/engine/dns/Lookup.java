package sallyport.engine.dns;

import org.jspecify.annotations.Nullable;

/// Someone waiting for a name. Runs on the resolver's loop.
public final class Lookup {
    /// Takes the result.
    @FunctionalInterface
    public interface Done {
        void done(Resolution resolution);
    }

    private @Nullable Done done;

    Lookup(Done done) {
        this.done = done;
    }

    /// The result will not be delivered; the question may still be answered for others.
    public void cancel() {
        done = null;
    }

    /// As [#cancel()], for whoever counts the questions it caused: `whenAnswered` runs once the question is no longer
    /// under way, at once where that is so already.
    public void cancel(Runnable whenAnswered) {
        if (done == null) {
            whenAnswered.run();
        } else {
            done = _ -> whenAnswered.run();
        }
    }

    void finish(Resolution resolution) {
        Done target = done;
        done = null;
        if (target != null) {
            target.done(resolution);
        }
    }
}
