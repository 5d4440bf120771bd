package sallyport.engine.directory;

import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.UnverifiedConsensus;

/// Hears of each consensus that is believed, newly fetched or found on the disk. Called by the fetcher's task, which it
/// must not keep.
@FunctionalInterface
public interface ConsensusListener {
    /// @param document as it came
    /// @param verified the same, read
    void believed(UnverifiedConsensus document, Consensus verified);
}
