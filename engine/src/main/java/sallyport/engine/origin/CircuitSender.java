package sallyport.engine.origin;

/// What the user of a built circuit does to it. Runs on the circuit's loop.
interface CircuitSender {
    /// Sends a message to the last hop; nothing once the circuit is over.
    void send(int relayCommand, int streamId, byte[] data, int offset, int length);

    /// Destroys the circuit.
    void end();
}
