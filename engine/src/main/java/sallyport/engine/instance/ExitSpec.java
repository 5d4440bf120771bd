package sallyport.engine.instance;

import java.util.List;

/// What one relay lets out.
///
/// @param ipv6 whether streams may go to IPv6 servers (C tor's `IPv6Exit`)
/// @param policy the operator's lines in order; no default rules stand behind them when they end in `*:*`; the last one
/// may be [#REDUCED_POLICY]
/// @param rejectsPrivate whether private networks and our own addresses are refused before those lines
/// (`ExitPolicyRejectPrivate`)
/// @param rejectsLocalInterfaces whether every address that the host has is refused before them, and where we listen
/// and
/// leave from (`ExitPolicyRejectLocalInterfaces`)
/// @param cutsStreams whether a change of all this ends the streams that it no longer lets out (`ReevaluateExitPolicy`)
public record ExitSpec(
        boolean ipv6,
        List<String> policy,
        boolean rejectsPrivate,
        boolean rejectsLocalInterfaces,
        boolean cutsStreams) {
    /// As the last line of a policy: the reduced list follows, not the default one (`ReducedExitPolicy`).
    public static final String REDUCED_POLICY = "reduced";

    public ExitSpec {
        policy = List.copyOf(policy);
    }

    /// That and no more.
    public ExitSpec(boolean ipv6, List<String> policy, boolean rejectsPrivate) {
        this(ipv6, policy, rejectsPrivate, false, false);
    }
}
