package sallyport.engine.instance;

import java.util.List;
import java.util.Optional;
import sallyport.engine.netdoc.NamedExitPolicy;

/// What one relay lets out.
///
/// @param ipv6 whether streams may go to IPv6 servers (C tor's `IPv6Exit`)
/// @param policy the operator's lines in order; no default rules stand behind them when they end in
/// `*:*`; the last one may name a policy ([NamedExitPolicy])
/// @param rejectsPrivate whether private networks and our own addresses are refused before those lines
/// (`ExitPolicyRejectPrivate`)
/// @param rejectsLocalInterfaces whether every address that the host has is refused before them, and
/// where we listen and leave from (`ExitPolicyRejectLocalInterfaces`)
/// @param cutsStreams whether a change of all this ends the streams that it no longer lets out
/// (`ReevaluateExitPolicy`)
public record ExitSpec(
        boolean ipv6,
        List<String> policy,
        boolean rejectsPrivate,
        boolean rejectsLocalInterfaces,
        boolean cutsStreams) {
    public ExitSpec {
        policy = List.copyOf(policy);
    }

    /// That and no more.
    public ExitSpec(boolean ipv6, List<String> policy, boolean rejectsPrivate) {
        this(ipv6, policy, rejectsPrivate, false, false);
    }

    /// The policy that the last line names; empty where it is a rule, or there is none.
    public Optional<NamedExitPolicy> named() {
        return policy.isEmpty() ? Optional.empty() : NamedExitPolicy.of(policy.getLast());
    }

    /// The lines that are rules.
    public List<String> rules() {
        return named().isPresent() ? policy.subList(0, policy.size() - 1) : policy;
    }
}
