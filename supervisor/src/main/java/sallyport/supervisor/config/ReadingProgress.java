package sallyport.supervisor.config;

/// Is told how far the reading of a file is: hundreds of relays take a moment. Runs on the reader's thread.
@FunctionalInterface
public interface ReadingProgress {
    ReadingProgress NOBODY = (_, _) -> {};

    /// @param read how many relays were
    /// @param relays of the file
    void at(int read, int relays);
}
