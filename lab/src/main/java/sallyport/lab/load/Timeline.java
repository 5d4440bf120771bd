package sallyport.lab.load;

/// The time of a load. Confined to its event loop.
public interface Timeline {
    /// Monotonic, in nanoseconds.
    long nanos();

    /// Runs the task at that moment, or at once where that is past; never within this call.
    void at(long nanos, Runnable task);
}
