package sallyport.engine.origin;

/// Who wants to know how a path fares. All of it on the path's loop.
public interface PathListener {
    /// Streams may be opened.
    void built(ClientPath path);

    /// It is over, whoever ended it; its streams have been told. Exactly once.
    ///
    /// @param hops how many relays had answered; 0: the guard could not even be reached
    void ended(int hops);
}
