package sallyport.engine.sim;

/// What a client's streams travel on: a circuit, or a conflux set of several.
interface SimCarrier {
    /// Gives the stream an id.
    int add(SimStream stream);

    void forget(int streamId);

    /// Sends a message to a hop.
    void send(int hop, int relayCommand, int streamId, byte[] body);

    boolean isEnded();

    /// Whether one more DATA cell may go to that hop.
    boolean hasRoom(int hop);

    boolean hasCongestionControl(int hop);
}
