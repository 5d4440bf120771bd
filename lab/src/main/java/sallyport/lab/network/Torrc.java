package sallyport.lab.network;

import java.util.ArrayList;
import java.util.List;

/// The torrc of each kind of node.
///
/// @param authorityLines DirAuthority arguments, one an authority
/// @param resolvConf for exits: the file that names the lab's name server
/// @param extra lines of the test's own, for every node
record Torrc(List<String> authorityLines, String resolvConf, Timing timing, long ownerPid, List<String> extra) {

    /// When authorities vote.
    ///
    /// @param intervalSeconds between consensuses; divides half an hour
    /// @param delaySeconds for votes to arrive, and again for signatures; twice it is less than half the interval
    /// @param intervalsValid how many intervals a consensus lives
    record Timing(int intervalSeconds, int delaySeconds, int intervalsValid) {}

    // The longest that C tor accepts: it must divide half an hour.
    private static final int FAR_AWAY_SECONDS = 1_800;

    List<String> of(TorNode.Place place) {
        List<String> lines = common(place);
        switch (place.role()) {
            case AUTHORITY -> lines.addAll(authority(place));
            case RELAY -> lines.addAll(List.of("ExitRelay 0", "ExitPolicy reject *:*"));
            case EXIT -> lines.addAll(exit());
            case CLIENT -> lines.addAll(client(place));
        }
        lines.addAll(extra);
        if (place.role() == TorNode.Role.EXIT) {
            // The first rule that matches decides: behind those of the test.
            lines.add("ExitPolicy accept *:*");
        }
        return lines;
    }

    private List<String> common(TorNode.Place place) {
        String directory = place.directory().toString();
        List<String> lines = new ArrayList<>(List.of(
                "TestingTorNetwork 1",
                "DataDirectory " + directory + "/data",
                "ControlPort " + place.address() + ":" + place.controlPort(),
                "CookieAuthentication 1",
                // C tor looks every 15 s whether we still live; the leash is faster, this is its second.
                "__OwningControllerProcess " + ownerPid,
                "Log notice file " + directory + "/notice.log",
                "Log info file " + directory + "/info.log",
                "LogTimeGranularity 1",
                "SafeLogging 0",
                "ProtocolWarnings 1",
                "PathsNeededToBuildCircuits 0.67",
                "ShutdownWaitLength 0",
                "NumCPUs 1",
                "DisableDebuggerAttachment 0",
                // A relay under test fails on purpose; nobody is to conclude anything about its guards from that.
                "PathBiasCircThreshold 10000",
                "PathBiasNoticeRate 0",
                // A client reads what an application uploads faster than it sends: all of it may have to wait there.
                "MaxMemInQueues " + (place.role() == TorNode.Role.CLIENT ? "2 GB" : "256 MB")));
        for (String line : authorityLines) {
            lines.add("DirAuthority " + line);
        }
        if (place.role() != TorNode.Role.CLIENT) {
            lines.addAll(List.of(
                    "Nickname " + place.nickname(),
                    "ContactInfo lab@example.org",
                    "Address " + place.address(),
                    "ORPort " + place.address() + ":" + place.orPort(),
                    "SocksPort 0",
                    "AssumeReachable 1"));
        }
        return lines;
    }

    private List<String> authority(TorNode.Place place) {
        int interval = timing.intervalSeconds();
        int delay = timing.delaySeconds();
        return List.of(
                "AuthoritativeDirectory 1",
                "V3AuthoritativeDirectory 1",
                "DirPort " + place.address() + ":" + place.dirPort(),
                "ExitPolicy reject *:*",
                "V3AuthVotingInterval " + interval,
                "V3AuthVoteDelay " + delay,
                "V3AuthDistDelay " + delay,
                "V3AuthNIntervalsValid " + timing.intervalsValid(),
                // The first vote is called when the relays are there; until then the next one is far away.
                "TestingV3AuthInitialVotingInterval " + FAR_AWAY_SECONDS,
                "TestingV3AuthInitialVoteDelay " + delay,
                "TestingV3AuthInitialDistDelay " + delay,
                "TestingDirAuthVoteExit *",
                "TestingDirAuthVoteGuard *",
                "TestingDirAuthVoteHSDir *",
                "TestingMinExitFlagThreshold 0",
                // Else the slowest quarter is not Fast, and who that is nobody can foresee.
                "AuthDirFastGuarantee 1",
                "AuthDirTestEd25519LinkKeys 1",
                "AuthDirMaxServersPerAddr 0");
    }

    private List<String> exit() {
        return List.of(
                "ExitRelay 1", "IPv6Exit 1", "ServerDNSDetectHijacking 0", "ServerDNSResolvConfFile " + resolvConf);
    }

    private static List<String> client(TorNode.Place place) {
        return List.of(
                "SocksPort " + place.address() + ":" + place.socksPort() + " IPv6Traffic",
                "ClientRejectInternalAddresses 0",
                "ClientDNSRejectInternalAddresses 0",
                "EnforceDistinctSubnets 0",
                "UseEntryGuards 0",
                "LearnCircuitBuildTimeout 0",
                "CircuitBuildTimeout 30",
                // Like a directory cache: knows a new relay seconds after the authorities listed it.
                "FetchDirInfoEarly 1",
                "FetchDirInfoExtraEarly 1");
    }
}
