package sallyport.engine.instance;

/// Where a relay of ours stands in its life.
public sealed interface InstanceState {
    /// Keys are read or made, the ORPort is opened.
    record Starting() implements InstanceState {}

    /// It listens and waits for a verified consensus.
    record Bootstrapping() implements InstanceState {}

    /// It tests whether others can reach it.
    record SelfTesting() implements InstanceState {}

    /// At least one authority has accepted its descriptor.
    record Published() implements InstanceState {}

    record Stopped() implements InstanceState {}

    /// It cannot run; the text says why, for the operator.
    record Failed(String why) implements InstanceState {}
}
