package sallyport.lab.roster;

import java.time.Duration;
import java.util.List;
import sallyport.lab.vote.TorVersion;

/// How an authority judges relays: the options of C tor's directory authorities by their names.
///
/// @param testingNetwork `TestingTorNetwork`
/// @param learnReachability `TestingAuthDirTimeToLearnReachability`: how long it has to run before it
///     votes about Running
/// @param testReachability `AuthDirTestReachability`: whether Running has to be seen
/// @param ipv6 `AuthDirHasIPv6Connectivity`
/// @param serversPerAddress `AuthDirMaxServersPerAddr`; 0 for no limit
public record RosterSettings(
        boolean testingNetwork,
        Admittance admittance,
        Duration learnReachability,
        boolean testReachability,
        boolean ipv6,
        int serversPerAddress,
        Flags flags,
        Given given) {

    /// Who is let in.
    ///
    /// @param privateAddresses `DirAllowPrivateAddresses`
    /// @param pinKeys `AuthDirPinKeys`
    /// @param minimalVersion `MinimalAcceptedServerVersion`
    /// @param reject `AuthDirReject`
    /// @param invalid `AuthDirInvalid`
    /// @param badExit `AuthDirBadExit`
    /// @param middleOnly `AuthDirMiddleOnly`
    public record Admittance(
            boolean privateAddresses,
            boolean pinKeys,
            TorVersion minimalVersion,
            RelaySet reject,
            RelaySet invalid,
            RelaySet badExit,
            RelaySet middleOnly) {}

    /// What flags take; bandwidths in bytes per second.
    ///
    /// @param listBadExits `AuthDirListBadExits`
    /// @param listMiddleOnly `AuthDirListMiddleOnly`
    /// @param fastGuarantee `AuthDirFastGuarantee`
    /// @param guardBandwidthGuarantee `AuthDirGuardBWGuarantee`
    /// @param minExit `TestingMinExitFlagThreshold`: who offers less does not count for thresholds
    /// @param minFast `TestingMinFastFlagThreshold`
    /// @param hsDirUptime `MinUptimeHidServDirectoryV2`
    /// @param stableUptime `AuthDirVoteStableGuaranteeMinUptime`
    /// @param stableMtbf `AuthDirVoteStableGuaranteeMTBF`
    /// @param guardTimeKnown `AuthDirVoteGuardGuaranteeTimeKnown`
    /// @param guardWfu `AuthDirVoteGuardGuaranteeWFU`
    /// @param guardBandwidthFraction `AuthDirVoteGuardBwThresholdFraction`
    /// @param measuredNeeded `MinMeasuredBWsForAuthToIgnoreAdvertised`
    public record Flags(
            boolean listBadExits,
            boolean listMiddleOnly,
            long fastGuarantee,
            long guardBandwidthGuarantee,
            long minExit,
            long minFast,
            Duration hsDirUptime,
            Duration stableUptime,
            Duration stableMtbf,
            Duration guardTimeKnown,
            double guardWfu,
            double guardBandwidthFraction,
            int measuredNeeded) {}

    /// Flags given by name: to the relays of `to`, and where that is strict to nobody else.
    public record ByName(RelaySet to, boolean strict) {}

    /// @param exit `TestingDirAuthVoteExit` and `...IsStrict`
    /// @param guard `TestingDirAuthVoteGuard`, outside of testing networks `AuthDirVoteGuard`
    /// @param hsDir `TestingDirAuthVoteHSDir`
    public record Given(ByName exit, ByName guard, ByName hsDir) {}

    private static final List<String> TESTING = List.of(
            "DirAllowPrivateAddresses 1",
            "AuthDirMaxServersPerAddr 0",
            "TestingAuthDirTimeToLearnReachability 0 minutes",
            "MinUptimeHidServDirectoryV2 0 minutes");

    /// As C tor with `TestingTorNetwork 1`, but for these lines of a torrc. Options that are not an
    /// authority's judgement of relays are passed over.
    ///
    /// @throws IllegalArgumentException for a value that C tor would refuse
    public static RosterSettings testing(String... lines) {
        return of(true, new OptionLines(TESTING, List.of(lines)));
    }

    /// As C tor in a network that is not for tests.
    public static RosterSettings standard(String... lines) {
        return of(false, new OptionLines(List.of(), List.of(lines)));
    }

    private static RosterSettings of(boolean testing, OptionLines options) {
        return new RosterSettings(
                testing,
                admittance(options),
                options.interval("TestingAuthDirTimeToLearnReachability", "30 minutes"),
                options.on("AuthDirTestReachability", true),
                options.on("AuthDirHasIPv6Connectivity", false),
                options.number("AuthDirMaxServersPerAddr", 2),
                flags(options),
                given(testing, options));
    }

    private static Admittance admittance(OptionLines options) {
        TorVersion minimal = TorVersion.parse(options.text("MinimalAcceptedServerVersion", "0.4.8.0-alpha-dev"));
        if (minimal == null) {
            throw OptionLines.refused("MinimalAcceptedServerVersion");
        }
        return new Admittance(
                options.on("DirAllowPrivateAddresses", false),
                options.on("AuthDirPinKeys", true),
                minimal,
                RelaySet.of(options.text("AuthDirReject")),
                RelaySet.of(options.text("AuthDirInvalid")),
                RelaySet.of(options.text("AuthDirBadExit")),
                RelaySet.of(options.text("AuthDirMiddleOnly")));
    }

    private static Flags flags(OptionLines options) {
        return new Flags(
                options.on("AuthDirListBadExits", false),
                options.on("AuthDirListMiddleOnly", false),
                options.bytes("AuthDirFastGuarantee", "100 KB"),
                options.bytes("AuthDirGuardBWGuarantee", "2 MB"),
                options.bytes("TestingMinExitFlagThreshold", "0"),
                options.bytes("TestingMinFastFlagThreshold", "0"),
                options.interval("MinUptimeHidServDirectoryV2", "96 hours"),
                options.interval("AuthDirVoteStableGuaranteeMinUptime", "30 days"),
                options.interval("AuthDirVoteStableGuaranteeMTBF", "5 days"),
                options.interval("AuthDirVoteGuardGuaranteeTimeKnown", "8 days"),
                options.fraction("AuthDirVoteGuardGuaranteeWFU", 0.98),
                options.fraction("AuthDirVoteGuardBwThresholdFraction", 0.75),
                options.number("MinMeasuredBWsForAuthToIgnoreAdvertised", 500));
    }

    private static Given given(boolean testing, OptionLines options) {
        if (!testing) {
            ByName nobody = new ByName(RelaySet.NONE, false);
            return new Given(nobody, new ByName(RelaySet.of(options.text("AuthDirVoteGuard")), false), nobody);
        }
        return new Given(
                byName(options, "TestingDirAuthVoteExit"),
                byName(options, "TestingDirAuthVoteGuard"),
                byName(options, "TestingDirAuthVoteHSDir"));
    }

    private static ByName byName(OptionLines options, String name) {
        return new ByName(RelaySet.of(options.text(name)), options.on(name + "IsStrict", false));
    }
}
