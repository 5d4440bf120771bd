package sallyport.engine.conflux;

import sallyport.engine.cell.ProtocolViolation;

/// Takes the messages of a set in the order in which they were sent.
@FunctionalInterface
public interface OrderedMessages {
    /// The bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the circuit: the set ends with it
    void onMessage(int relayCommand, int streamId, byte[] array, int offset, int length) throws ProtocolViolation;
}
