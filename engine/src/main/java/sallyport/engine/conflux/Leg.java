package sallyport.engine.conflux;

/// One circuit of a set, with where it stands in the sequences of both directions. Sequence numbers are
/// 64 bits without sign.
public final class Leg {
    final LegCircuit circuit;
    final long linkedMicros;
    long lastSent;
    long lastReceived;
    /// 0: not measured yet.
    long roundTripMicros;

    Leg(LegCircuit circuit, long lastSent, long lastReceived, long linkedMicros) {
        this.circuit = circuit;
        this.lastSent = lastSent;
        this.lastReceived = lastReceived;
        this.linkedMicros = linkedMicros;
    }

    /// Whether it may be chosen, as far as its round trip is concerned: who has not answered LINKED yet
    /// never is.
    boolean isMeasured() {
        return roundTripMicros > 0;
    }

    boolean isFasterThan(Leg other) {
        return roundTripMicros < other.roundTripMicros;
    }
}
