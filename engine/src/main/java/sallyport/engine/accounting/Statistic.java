package sallyport.engine.accounting;

import java.util.List;

/// What is counted for a day, told, and forgotten. Runs on: the instance's loop.
interface Statistic {
    /// A day begins with nothing counted.
    void begin(long nowNanos);

    /// The lines of the day that ends here, rounded; none where there is nothing to tell.
    ///
    /// @param day as documents name it: `2026-11-22 12:00:00 (86400 s)`
    List<String> lines(String day, long nowNanos);
}
