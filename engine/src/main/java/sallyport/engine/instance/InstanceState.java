package sallyport.engine.instance;

import java.time.Instant;

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

    /// Its quota of traffic is used up, or the time to use it has not come (C tor's `AccountingMax`).
    ///
    /// @param dormant whether it carries nothing at all; otherwise what is open goes on
    /// @param until when it goes on working, as far as is known
    record Hibernating(boolean dormant, Instant until) implements InstanceState {}

    record Stopped() implements InstanceState {}

    /// It cannot run; the text says why, for the operator.
    record Failed(String why) implements InstanceState {}
}
