package sallyport.engine.instance;

import java.util.List;

/// What one relay lets out.
///
/// @param ipv6 whether streams may go to IPv6 servers (C tor's `IPv6Exit`)
/// @param policy the operator's lines in order; no default rules stand behind them when they end in `*:*`; the last one
/// may be [#REDUCED_POLICY]
/// @param rejectsPrivate whether private networks and our own addresses are refused before those lines
/// (`ExitPolicyRejectPrivate`)
public record ExitSpec(boolean ipv6, List<String> policy, boolean rejectsPrivate) {
    /// As the last line of a policy: the reduced list follows, not the default one (`ReducedExitPolicy`).
    public static final String REDUCED_POLICY = "reduced";

    public ExitSpec {
        policy = List.copyOf(policy);
    }
}
