package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.accounting.AccountingRule;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.accounting.AccountingStart;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.host.HijackDetection;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.ResolverSpec;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Sharing;

class ConfigReaderTest {
    // Maven runs tests in the module's directory.
    private static final Path EXAMPLES = Path.of("..", "config");

    private static final String TESTING = """
            network { kind = testing, authorities =
              "a v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:7002 89ABCDEF0123456789ABCDEF0123456789ABCDEF" }
            """;

    @TempDir
    Path directory;

    /// The first contract: whoever wrote such a file may keep it.
    @Test
    void everyKeyArrivesInItsRecord() throws Exception {
        FleetSpec fleet = read("""
                data-directory = "/var/lib/sallyport"
                network {
                  kind = testing
                  authorities = [
                    "test000a orport=7001 v3ident=0123456789ABCDEF0123456789ABCDEF01234567 127.0.0.1:7002 89ABCDEF0123456789ABCDEF0123456789ABCDEF"
                  ]
                  fallbacks = "192.0.2.9 orport=443 id=89ABCDEF0123456789ABCDEF0123456789ABCDEF"
                  torrc = ["TestingDirAuthVoteExit *", "V3AuthVotingInterval 10"]
                }
                resolver = ["127.0.0.1:5353"]
                resolver-randomize-case = false
                resolver-detect-hijacking = false
                resolver-test-names = WWW.example.org
                family {
                  together = false
                  others = ["$89abcdef0123456789ABCDEF0123456789ABCDEF", 89ABCDEF0123456789ABCDEF0123456789ABCDEF]
                  ids = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                }
                process { memory-in-queues-max = 64 MiB, shutdown-wait = 5 m, heartbeat-period = none,
                  signing-key-lifetime = 3 d, link-certificate-lifetime = 4 d }
                statistics { extra-info = false, overload = false, directory-requests = false, cells = true, period = 1 m }
                relays = [
                  { nickname = "sally1", address = "127.0.0.21", or-port = 9001,
                    id = "first", listen = ["127.0.0.41", "[::]:9002"]
                    outbound-bind-address-exit = "127.0.0.31", outbound-bind-address-or = "127.0.0.21",
                    ipv6-exit = true, exit-policy = ["accept *:*"], exit-policy-reject-private = true,
                    exit-policy-reject-local-interfaces = true, exit-policy-cuts-streams = true, directory-cache = false
                    contact = "ops[]example.org"
                    bandwidth { rate = 20 MiB, burst = 30 MiB, relay-rate = 10 MiB, relay-burst = 15 MiB,
                      advertised-max = 5 MiB, connection-rate = 100 kB, connection-burst = 1 MB, count-private = false }
                    publish = false, assume-reachable = true, identity-elsewhere = insist
                    accounting { max = 500 GiB, start = "week 7 06:30", rule = sum }
                  }
                ]
                """);

        assertThat(fleet.dataDirectory()).isEqualTo(Path.of("/var/lib/sallyport"));
        assertThat(fleet.network().testing()).isTrue();
        assertThat(fleet.process().memoryInQueuesMaxBytes()).isEqualTo(64L << 20);
        assertThat(fleet.process().rules())
                .isEqualTo(new HouseRules(new KeyLifetimes(Duration.ofDays(3), Duration.ofDays(4))));
        assertThat(fleet.run())
                .isEqualTo(new RunSpec(Duration.ofMinutes(5), Duration.ZERO, Optional.empty(), ApplySpec.DEFAULT));
        assertThat(fleet.process().resolver())
                .isEqualTo(new ResolverSpec(
                        List.of(new InetSocketAddress(Ip.inet(new byte[] {127, 0, 0, 1}), 5353)),
                        false,
                        new HijackDetection(false, List.of("www.example.org"))));
        assertThat(fleet.network().authorities()).singleElement().satisfies(authority -> {
            assertThat(authority.nickname()).isEqualTo("test000a");
            assertThat(authority.dirAddress()).hasToString("127.0.0.1:7002");
            assertThat(Hex.upper(authority.rsaDigest())).isEqualTo("89ABCDEF0123456789ABCDEF0123456789ABCDEF");
        });
        assertThat(fleet.network().fallbacks()).singleElement().satisfies(fallback -> {
            assertThat(fallback.dirAddress()).hasToString("192.0.2.9:0");
            assertThat(fallback.orPort()).isEqualTo(443);
            assertThat(fallback.votes()).isFalse();
        });
        assertThat(fleet.relays())
                .containsExactly(new InstanceSpec(
                        "first",
                        "sally1",
                        List.of(address("127.0.0.21", 9001)),
                        List.of(address("127.0.0.41", 9001), address("::", 9002)),
                        List.of(Ip.inet(new byte[] {127, 0, 0, 21})),
                        List.of(Ip.inet(new byte[] {127, 0, 0, 31})),
                        new ExitSpec(true, List.of("accept *:*"), true, true, true),
                        false,
                        "ops[]example.org",
                        new FamilySpec(
                                false,
                                List.of("89ABCDEF0123456789ABCDEF0123456789ABCDEF"),
                                List.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
                        new StatisticsSpec(
                                false,
                                false,
                                Set.of(
                                        StatisticKind.ONION_SERVICES,
                                        StatisticKind.ONION_SERVICES_V2,
                                        StatisticKind.PADDING,
                                        StatisticKind.CELLS),
                                Duration.ofMinutes(1)),
                        new BandwidthRates(
                                new Rate(20 << 20, 30 << 20),
                                new Rate(10 << 20, 15 << 20),
                                5 << 20,
                                100_000,
                                1_000_000,
                                false),
                        new AccountingSpec(
                                500L << 30,
                                new AccountingStart(
                                        AccountingStart.Unit.WEEK, 7, LocalTime.of(6, 30), ZoneId.systemDefault()),
                                AccountingRule.SUM),
                        new PublishingSpec(false, true, true, 0)));
    }

    /// The order is CIISS's, whatever the file's, and each relay publishes its part of what the host has.
    @Test
    void theFieldsOfAContactBecomeOneLine() throws Exception {
        FleetSpec fleet = read("""
                data-directory = /var/lib/sallyport
                family.ids = ["*"]
                relays = [
                  { nickname = a, address = 192.0.2.1, or-port = 9001
                    contact { uplinkbw = 10000, memory = 8192, cost = 90.00EUR, trafficacct = unmetered
                              url = "https://example.org", abuse = "abuse@example.org", email = "tor@example.org" } }
                  { nickname = b, address = 192.0.2.2, or-port = 9001
                    contact { email = "tor[]example.org", url = example.org, ciissversion = 2 } }
                  { nickname = c, address = 192.0.2.3, or-port = 9001, contact = "tor[]example.org" }
                ]
                """);
        assertThat(fleet.relays().stream().map(InstanceSpec::contact))
                .containsExactly(
                        "email:tor[]example.org url:https://example.org proof:uri-familyid-ed25519 ciissversion:3"
                                + " abuse:abuse[]example.org cost:30.00EUR uplinkbw:3333 trafficacct:unmetered memory:2731",
                        "email:tor[]example.org url:example.org proof:uri-rsa ciissversion:2",
                        "tor[]example.org");
    }

    @Test
    void whatIsNotWrittenHasTorsDefault() throws Exception {
        FleetSpec fleet = read("""
                data-directory = /var/lib/sallyport
                relays = [ { nickname = sally1, address = ["2001:db8::1", 192.0.2.1], or-port = 9001 } ]
                """);

        assertThat(fleet.network().testing()).isFalse();
        assertThat(fleet.process())
                .isEqualTo(new ProcessSpec(
                        0,
                        512 << 20,
                        new ResolverSpec(List.of(), true, new HijackDetection(true, HijackDetection.PUBLIC_NAMES)),
                        Map.of(),
                        HouseRules.DEFAULT,
                        Sharing.DEFAULT,
                        ProcessSpec.STARTS_AT_ONCE));
        assertThat(fleet.network().authorities()).hasSizeGreaterThanOrEqualTo(9);
        assertThat(fleet.relays())
                .containsExactly(new InstanceSpec(
                        "sally1",
                        "sally1",
                        List.of(address("192.0.2.1", 9001), address("2001:db8::1", 9001)),
                        List.of(address("192.0.2.1", 9001), address("2001:db8::1", 9001)),
                        List.of(),
                        List.of(),
                        new ExitSpec(false, List.of(), true),
                        true,
                        "",
                        new FamilySpec(true, List.of(), List.of()),
                        StatisticsSpec.DEFAULT,
                        new BandwidthRates(Rate.UNLIMITED, Rate.UNLIMITED, 1 << 30, 0, 0, false),
                        AccountingSpec.NONE,
                        PublishingSpec.ORDINARY));
    }

    @Test
    void whatIsSetInsteadOfTheVoteHasTheNamesOfParameters() throws Exception {
        FleetSpec fleet = read("""
                data-directory = /var/lib/sallyport
                dos {
                  circuits { limit = true, rate = 5, burst = 60, min-connections = 2, defense = detect, defense-period = 2 h }
                  connections { limit = false, max = 50, rate = 10, burst = 20, defense = close, defense-period = 1 d }
                  streams { limit = true, rate = 7, burst = 8, defense = close-circuit }
                  refuse-single-hop-rendezvous = true
                }
                process { conflux = false, refuse-unknown-exits = true, onion-queue-delay-max = 900 ms,
                  circuit-priority-halflife = 10 s, consensus-diff-age-max = 2 d }
                relays = [ { nickname = sally1, address = 192.0.2.1, or-port = 9001 } ]
                """);

        assertThat(fleet.process().ownParameters())
                .isEqualTo(Map.ofEntries(
                        Map.entry("DoSCircuitCreationEnabled", 1),
                        Map.entry("DoSCircuitCreationRate", 5),
                        Map.entry("DoSCircuitCreationBurst", 60),
                        Map.entry("DoSCircuitCreationMinConnections", 2),
                        Map.entry("DoSCircuitCreationDefenseType", 1),
                        Map.entry("DoSCircuitCreationDefenseTimePeriod", 7_200),
                        Map.entry("DoSConnectionEnabled", 0),
                        Map.entry("DoSConnectionMaxConcurrentCount", 50),
                        Map.entry("DoSConnectionConnectRate", 10),
                        Map.entry("DoSConnectionConnectBurst", 20),
                        Map.entry("DoSConnectionDefenseType", 2),
                        Map.entry("DoSConnectionConnectDefenseTimePeriod", 86_400),
                        Map.entry("DoSStreamCreationEnabled", 1),
                        Map.entry("DoSStreamCreationRate", 7),
                        Map.entry("DoSStreamCreationBurst", 8),
                        Map.entry("DoSStreamCreationDefenseType", 3),
                        Map.entry("DoSRefuseSingleHopClientRendezvous", 1),
                        Map.entry("cfx_enabled", 0),
                        Map.entry("refuseunknownexits", 1),
                        Map.entry("CircuitPriorityHalflifeMsec", 10_000),
                        Map.entry("max-consensus-age-to-cache-for-diff", 48),
                        Map.entry("MaxOnionQueueDelay", 900)));
    }

    /// C tor's TestingTorNetwork sets ExitPolicyRejectPrivate to 0.
    @Test
    void inATestingNetworkPrivateAddressesAreNotRefusedByDefault() throws Exception {
        assertThat(relayWith(TESTING, "").exit().rejectsPrivate()).isFalse();
    }

    /// C tor's TestingTorNetwork sets CountPrivateBandwidth.
    @Test
    void inATestingNetworkPrivateAddressesAreLimitedAsAllOthers() throws Exception {
        assertThat(relayWith(TESTING, "").bandwidth()).isEqualTo(BandwidthRates.UNLIMITED);
    }

    /// As `options_validate_relay_bandwidth` of C tor completes them.
    @Test
    void aRateWithoutItsBurstIsItsOwnBurstAndTheOtherWayRound() throws Exception {
        BandwidthRates rates =
                relayWith("", "bandwidth { relay-rate = 1 MiB, burst = 2 MiB }").bandwidth();
        assertThat(rates.relayed()).isEqualTo(new Rate(1 << 20, 1 << 20));
        assertThat(rates.all()).isEqualTo(new Rate(2 << 20, 2 << 20));
        assertThat(rates.advertised()).isEqualTo(new Rate(1 << 20, 1 << 20));
        assertThat(relayWith("", "bandwidth { rate = 1 MiB, relay-rate = 3 MiB }")
                        .bandwidth()
                        .all())
                .isEqualTo(new Rate(3 << 20, 3 << 20));
        assertThat(relayWith("", "bandwidth { advertised-max = 100 KiB }")
                        .bandwidth()
                        .advertised())
                .isEqualTo(new Rate(100 << 10, 1 << 30));
    }

    @Test
    void aQuotaBeginsWithTheMonthAndCountsTheGreaterDirection() throws Exception {
        AccountingStart month =
                new AccountingStart(AccountingStart.Unit.MONTH, 1, LocalTime.MIDNIGHT, ZoneId.systemDefault());
        assertThat(relayWith("", "accounting.max = 1 TiB").accounting())
                .isEqualTo(new AccountingSpec(1L << 40, month, AccountingRule.MAX));
        assertThat(relayWith("", "accounting { max = 1 TiB, start = \"DAY 4:05\" }")
                        .accounting()
                        .start())
                .isEqualTo(
                        new AccountingStart(AccountingStart.Unit.DAY, 1, LocalTime.of(4, 5), ZoneId.systemDefault()));
    }

    @Test
    void reducedStandsForTorsReducedPolicyBehindTheRules() throws Exception {
        String start = "data-directory = /d, relays = [{ nickname = a, address = 192.0.2.1, or-port = 9001, ";
        assertThat(read(start + "exit-policy = reduced }]")
                        .relays()
                        .getFirst()
                        .exit()
                        .policy())
                .containsExactly("reduced");
        assertThat(read(start + "exit-policy = [\"reject *:80\", reduced] }]")
                        .relays()
                        .getFirst()
                        .exit()
                        .policy())
                .containsExactly("reject *:80", "reduced");
        assertThatThrownBy(() -> read(start + "exit-policy = [reduced, \"accept *:80\"] }]"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("is reduced, but rules follow");
        assertThatThrownBy(() -> read(start + "exit-policy = webb }]"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("did you mean web?");
    }

    @Test
    void aListOfTheFamilyMayBeLeftToTheVote() throws Exception {
        String relay = "data-directory = /d, relays = [{ nickname = a, address = 192.0.2.1, or-port = 9001 }], ";
        assertThat(listing(read(relay + "family.list = off"))).isEqualTo(FamilySpec.Listing.OFF);
        assertThat(listing(read(relay + "family.list = on"))).isEqualTo(FamilySpec.Listing.ON);
        assertThat(listing(read(relay + "family.ids = \"*\""))).isEqualTo(FamilySpec.Listing.AUTO);
        assertThatThrownBy(() -> read(relay + "family.list = autoo")).hasMessageContaining("did you mean auto?");
    }

    private static FamilySpec.Listing listing(FleetSpec fleet) {
        return fleet.relays().getFirst().family().listing();
    }

    /// Whoever writes `accept` means to be an exit.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"reject *:*\", \"accept *:80\"]",
                "[\"reject *:*\", web]",
                "[\"accept 10.0.0.0/8:*\", \"reject *:*\"]",
                "[\"accept6 *:443\", \"reject *:*\"]"
            })
    void aPolicyThatReachesNothingIsRefused(String policy) {
        String start = "data-directory = /d, relays = [{ nickname = a, address = 192.0.2.1, or-port = 9001, ";
        assertThatThrownBy(() -> read(start + "exit-policy = " + policy + " }]"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("accepts something, and yet reaches nothing");
    }

    @Test
    void whoLetsNothingOutMayWriteSo() throws Exception {
        assertThat(read("data-directory = /d, relays = [{ nickname = a, address = 192.0.2.1, or-port = 9001,"
                                + " exit-policy = [\"reject *:80\", \"reject *:*\"], ipv6-exit = true }]")
                        .relays())
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource
    void theExamplesCanBeLoaded(Path example) throws Exception {
        assertThat(new ConfigReader(_ -> null).read(example).relays()).isNotEmpty();
    }

    static Stream<Path> theExamplesCanBeLoaded() throws Exception {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    /// A key that the documentation does not name is a key nobody can use.
    @Test
    void everyKeyOfAnExampleIsDocumented() throws Exception {
        String documentation = Files.readString(Path.of("..", "docs", "configuration.md"));
        for (String key : List.of(
                "data-directory",
                "resolver",
                "resolver-detect-hijacking",
                "resolver-test-names",
                "relays",
                "network.kind",
                "network.authorities",
                "network.fallbacks",
                "network.torrc",
                "family.together",
                "family.others",
                "family.ids",
                "statistics.extra-info",
                "statistics.overload",
                "statistics.directory-requests",
                "statistics.onion-services",
                "statistics.padding",
                "statistics.entries",
                "statistics.cells",
                "statistics.exit-ports",
                "statistics.link-directions",
                "statistics.period",
                "nickname",
                "id",
                "address",
                "or-port",
                "listen",
                "outbound-bind-address-or",
                "outbound-bind-address-exit",
                "ipv6-exit",
                "exit-policy",
                "exit-policy-reject-private",
                "exit-policy-reject-local-interfaces",
                "exit-policy-cuts-streams",
                "contact",
                "bandwidth.rate",
                "bandwidth.burst",
                "bandwidth.relay-rate",
                "bandwidth.relay-burst",
                "bandwidth.advertised-max",
                "bandwidth.connection-rate",
                "bandwidth.connection-burst",
                "bandwidth.count-private",
                "accounting.max",
                "accounting.start",
                "accounting.rule")) {
            assertThat(documentation).contains("| `" + key + "` |");
        }
    }

    private InstanceSpec relayWith(String file, String keys) throws Exception {
        return read("data-directory = /d\n" + file + "\nrelays = [{ nickname = a, address = "
                        + (file.isEmpty() ? "192.0.2.1" : "127.0.0.1") + ", or-port = 9001, " + keys + " }]")
                .relays()
                .getFirst();
    }

    private FleetSpec read(String text) throws Exception {
        return new ConfigReader(_ -> null).read(Files.writeString(directory.resolve("sallyport.conf"), text));
    }

    private static RelayAddress address(String ip, int port) {
        return new RelayAddress(Objects.requireNonNull(Ip.parse(ip)), port);
    }
}
