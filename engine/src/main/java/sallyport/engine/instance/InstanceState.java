package sallyport.engine.instance;

import java.time.Instant;

/// Where a relay of ours stands in its life. [Life] says which may follow which.
public sealed interface InstanceState {
    /// Keys are read or made, the ORPort is opened.
    ///
    /// @param place in the line of those that wait to start, from 1; 0: it is at work
    record Starting(int place) implements InstanceState {
        /// At work.
        public Starting() {
            this(0);
        }
    }

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

    /// It takes nothing new; what is open goes on.
    ///
    /// @param until then it stops at the latest
    record Draining(Instant until) implements InstanceState {}

    record Stopped() implements InstanceState {}

    /// It cannot run; the text says why, for the operator.
    record Failed(String why) implements InstanceState {}

    /// It met bugs of ours so often that it was stopped; the text says how often, for the operator.
    record Quarantined(String why) implements InstanceState {}

    /// Whether nothing of it runs any more.
    default boolean isOver() {
        return switch (this) {
            case Stopped _, Failed _, Quarantined _ -> true;
            case Starting _, Bootstrapping _, SelfTesting _, Published _, Hibernating _, Draining _ -> false;
        };
    }

    /// One word, for logs, screens and labels: it never changes its spelling.
    default String word() {
        return switch (this) {
            case Starting _ -> "starting";
            case Bootstrapping _ -> "bootstrapping";
            case SelfTesting _ -> "self-testing";
            case Published _ -> "published";
            case Hibernating _ -> "hibernating";
            case Draining _ -> "draining";
            case Stopped _ -> "stopped";
            case Failed _ -> "failed";
            case Quarantined _ -> "quarantined";
        };
    }
}
