package sallyport.engine.link;

/// Learns that the outside reached us. Runs on the instance's loop.
public interface ReachabilityListener {
    /// A CREATE cell that came over this link was answered. The listener judges by [Link#isDialed], [Link#isLocal]
    /// and [Link#peerNamedOurAddress] whether that proves anything.
    void onCreateAnswered(Link link);
}
