package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whoever comes with a torrc finds each of its options: as a key, or with the reason why there is none.
class TorrcOptionsTest {
    /// What an operator of exits may have in a torrc of C tor 0.4.9.11, without what makes a client, a bridge or an
    /// authority.
    private static final List<String> OPTIONS = Arrays.asList("""
            AccountingMax AccountingRule AccountingStart Address AddressDisableIPv6 AlternateDirAuthority AssumeReachable
            AssumeReachableIPv6 BandwidthBurst BandwidthRate CacheDirectory CacheDirectoryGroupReadable CellStatistics
            CircuitPriorityHalflife ConfluxEnabled ConnDirectionStatistics ConnLimit ConsensusParams ConstrainedSockSize
            ConstrainedSockets ContactInfo ControlPort ControlSocket CookieAuthFile CookieAuthentication
            CountPrivateBandwidth DataDirectory DataDirectoryGroupReadable DirAuthority DirCache DirPort DirPortFrontPage
            DirReqStatistics DoSCircuitCreationBurst DoSCircuitCreationDefenseTimePeriod DoSCircuitCreationDefenseType
            DoSCircuitCreationEnabled DoSCircuitCreationMinConnections DoSCircuitCreationRate DoSConnectionConnectBurst
            DoSConnectionConnectDefenseTimePeriod DoSConnectionConnectRate DoSConnectionDefenseType DoSConnectionEnabled
            DoSConnectionMaxConcurrentCount DoSRefuseSingleHopClientRendezvous DoSStreamCreationBurst
            DoSStreamCreationDefenseType DoSStreamCreationEnabled DoSStreamCreationRate DownloadExtraInfo EntryStatistics
            ExitPolicy ExitPolicyRejectLocalInterfaces ExitPolicyRejectPrivate ExitPortStatistics ExitRelay
            ExtendAllowPrivateAddresses ExtraInfoStatistics FallbackDir FamilyId FamilyKeyDirectory FetchDirInfoEarly
            FetchUselessDescriptors GeoIPFile GeoIPv6File HashedControlPassword HeartbeatPeriod HiddenServiceStatistics
            IPv6Exit KISTSchedRunInterval KISTSockBufSizeFactor KeepalivePeriod KeyDirectory KeyDirectoryGroupReadable Log
            LogMessageDomains LogTimeGranularity MaxAdvertisedBandwidth MaxConsensusAgeForDiffs MaxHSDirCacheBytes
            MaxMemInQueues MaxOnionQueueDelay MetricsPort MetricsPortPolicy MyFamily Nickname NumCPUs ORPort
            OfflineMasterKey OutboundBindAddress OutboundBindAddressExit OutboundBindAddressOR OverloadStatistics
            PaddingStatistics PerConnBWBurst PerConnBWRate ProtocolWarnings PublishServerDescriptor ReducedExitPolicy
            ReevaluateExitPolicy RefuseUnknownExits RelayBandwidthBurst RelayBandwidthRate SSLKeyLifetime SafeLogging
            Schedulers ServerDNSAllowBrokenConfig ServerDNSAllowNonRFC953Hostnames ServerDNSDetectHijacking
            ServerDNSRandomizeCase ServerDNSResolvConfFile ServerDNSSearchDomains ServerDNSTestAddresses
            ShutdownWaitLength SigningKeyLifetime SyslogIdentityTag TestingTorNetwork TokenBucketRefillInterval
            TruncateLogFile""".split("\\s+", -1));

    @Test
    void everyOptionIsAKeyOrHasAReason() {
        Set<String> explained = Stream.concat(
                        ConfigKey.all().stream().flatMap(key -> key.torrcOptions().stream()),
                        OptionWithoutKey.all().stream().map(OptionWithoutKey::name))
                .collect(Collectors.toSet());
        assertThat(OPTIONS)
                .doesNotHaveDuplicates()
                .allSatisfy(option -> assertThat(explained).contains(option));
    }

    @Test
    void everyReasonIsASentence() {
        assertThat(OptionWithoutKey.all()).isNotEmpty().allSatisfy(option -> {
            assertThat(option.name()).matches("[A-Za-z0-9]+");
            assertThat(option.reason()).as(option.name()).endsWith(".");
        });
        assertThat(OptionWithoutKey.all().stream().map(OptionWithoutKey::name)).doesNotHaveDuplicates();
    }
}
