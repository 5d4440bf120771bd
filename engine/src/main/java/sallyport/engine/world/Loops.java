package sallyport.engine.world;

import io.netty.channel.EventLoop;
import java.util.List;

/// The event loops of the process, one per core.
public interface Loops {
    /// All loops, in a fixed order.
    List<EventLoop> all();

    /// Runs `work` once on `loop` after the current turn has handled what was ready; from the loop itself only.
    /// Flushes belong here: once per turn, not once per message.
    void afterTurn(EventLoop loop, Runnable work);
}
