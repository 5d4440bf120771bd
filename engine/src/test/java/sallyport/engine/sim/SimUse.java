package sallyport.engine.sim;

/// What a client does, until it needs its circuits no more.
interface SimUse {
    /// Somebody's stream has come to its end: perhaps the circuits are not needed any more.
    default void onStreamOver() {}

    /// Whether it still has a circuit over this client's link.
    boolean needs(SimClient client);
}
