package sallyport.lab.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/// What a load is to be.
///
/// @param warmUp arrivals of that long are served like others and not counted
/// @param duration of what counts, after it
/// @param users how many names, each with circuits of its own, the arrivals are spread over by chance
/// @param seed decides who comes when, and as whom
/// @param visitsMax how many may be at it at once; who comes beyond that is counted as turned away
/// @param timeout of one visit, from the moment it was to begin
/// @param server a [LoadServer], as the far end of the streams sees it
/// @param name what is resolved
public record LoadPlan(
        Mix mix,
        Duration warmUp,
        Duration duration,
        int users,
        long seed,
        int visitsMax,
        Duration timeout,
        InetSocketAddress server,
        String name) {}
