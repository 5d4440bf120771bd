package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;

class ExitSettingsMakerTest {
    private static final byte[] INTERFACE = {(byte) 198, 51, 100, 50};
    private static final byte[] ELSEWHERE = {(byte) 198, 51, 100, 1};

    @Test
    void reducedStandsBehindTheOperatorsRules() {
        ExitPolicy policy = policy(false, "reject *:80", "reduced");
        assertThat(policy.accepts(ELSEWHERE, 443)).isTrue();
        assertThat(policy.accepts(ELSEWHERE, 80)).isFalse();
        // The default list accepts it, the reduced one does not.
        assertThat(policy.accepts(ELSEWHERE, 12345)).isFalse();
        assertThat(policy(false, "reject *:80").accepts(ELSEWHERE, 12345)).isTrue();
        assertThat(policy(false, "reduced").accepts(ELSEWHERE, 80)).isTrue();
    }

    /// What stands in the descriptor's lines, as authorities sum it up for clients.
    @Test
    void aNameAloneIsAWholePolicy() {
        assertThat(ports(false, "web")).isEqualTo(new PublishedPorts(true, "accept 80,443", "", true));
        assertThat(ports(true, "web")).isEqualTo(new PublishedPorts(true, "accept 80,443", "accept 80,443", true));
        assertThat(ports(false, "reject *:80", "web")).isEqualTo(new PublishedPorts(true, "accept 443", "", false));
        assertThat(ports(false, "default").ipv4()).startsWith("reject 25,119,135-139,445,");
        assertThat(ports(false, "reject *:*")).isEqualTo(new PublishedPorts(false, "", "", false));
        assertThat(ports(false, "accept 9.0.0.0/8:*", "reject *:*")).isEqualTo(new PublishedPorts(true, "", "", true));
        // As authorities look at it: whoever refuses one address of a /8 has not that /8 any more.
        assertThat(ports(false, "reject 9.1.2.3:443", "accept 9.0.0.0/8:*", "reject *:*")
                        .deservesExitFlag())
                .isFalse();
    }

    private static PublishedPorts ports(boolean ipv6, String... lines) {
        return PublishedPorts.of(spec(new ExitSpec(ipv6, List.of(lines), true)), false);
    }

    @Test
    void whereWeAreFoundListenAndLeaveFromIsRefusedUnlessToldOtherwise() {
        for (int last = 1; last <= 4; last++) {
            byte[] own = {(byte) 198, 51, 100, (byte) (10 * last)};
            assertThat(policy(true, "accept *:*").accepts(own, 80)).isFalse();
            assertThat(policy(false, "accept *:*").accepts(own, 80)).isTrue();
        }
        assertThat(policy(true, "accept *:*").accepts(ELSEWHERE, 80)).isTrue();
        assertThat(policy(true, "accept *:*").accepts(new byte[] {10, 1, 2, 3}, 80))
                .isFalse();
    }

    /// As C tor's ExitPolicyRejectLocalInterfaces: what is published alone stays with the other option.
    @Test
    void theHostsAddressesAreRefusedOnRequest() {
        ExitPolicy local = policy(new ExitSpec(false, List.of("accept *:*"), false, true, false));
        assertThat(local.accepts(INTERFACE, 80)).isFalse();
        for (int last = 2; last <= 4; last++) {
            assertThat(local.accepts(new byte[] {(byte) 198, 51, 100, (byte) (10 * last)}, 80))
                    .isFalse();
        }
        assertThat(local.accepts(new byte[] {(byte) 198, 51, 100, 10}, 80)).isTrue();
        assertThat(local.accepts(ELSEWHERE, 80)).isTrue();
        assertThat(local.accepts(new byte[] {10, 1, 2, 3}, 80)).isTrue();
        assertThat(policy(true, "accept *:*").accepts(INTERFACE, 80)).isTrue();
    }

    private static ExitPolicy policy(boolean rejectPrivate, String... lines) {
        return policy(new ExitSpec(false, List.of(lines), rejectPrivate));
    }

    /// One process serves them all: an exit is no door to what trusts the addresses of its siblings. They
    /// come and go.
    @Test
    void theAddressesOfSiblingsAreRefusedWithoutStandingInThePolicy() {
        OwnAddresses siblings = new OwnAddresses();
        byte[] sibling = {(byte) 203, 0, 113, 7};
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 203, 0, 113, 7};
        ExitSettings guarded = settings(new ExitSpec(true, List.of("accept *:*"), true), siblings);
        ExitSettings open = settings(new ExitSpec(true, List.of("accept *:*"), false), siblings);
        assertThat(guarded.accepts(sibling, 22)).isTrue();
        siblings.set("b", List.of(sibling));
        siblings.set("c", List.of(sibling));
        assertThat(guarded.accepts(sibling, 22)).isFalse();
        assertThat(guarded.accepts(mapped, 22)).isFalse();
        assertThat(guarded.policy().fullLines()).noneMatch(line -> line.contains("203.0.113.7"));
        assertThat(open.accepts(sibling, 22)).isTrue();
        siblings.forget("b");
        assertThat(guarded.accepts(sibling, 22)).isFalse();
        siblings.set("c", List.of());
        assertThat(guarded.accepts(sibling, 22)).isTrue();
    }

    @Test
    void everyAddressOfARelayIsItsOwn() {
        assertThat(spec(new ExitSpec(false, List.of(), true)).addresses())
                .extracting(ip -> ip[3])
                .containsExactly((byte) 10, (byte) 40, (byte) 20, (byte) 30);
    }

    private static ExitPolicy policy(ExitSpec exit) {
        return settings(exit, new OwnAddresses()).policy();
    }

    private static InstanceSpec spec(ExitSpec exit) {
        return new InstanceSpec(
                "a",
                "a",
                List.of(new RelayAddress(new byte[] {(byte) 198, 51, 100, 10}, 9001)),
                List.of(new RelayAddress(new byte[] {(byte) 198, 51, 100, 40}, 9001)),
                List.of(Ip.inet(new byte[] {(byte) 198, 51, 100, 20})),
                List.of(Ip.inet(new byte[] {(byte) 198, 51, 100, 30})),
                exit,
                true,
                "",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                PublishingSpec.ORDINARY);
    }

    private static ExitSettings settings(ExitSpec exit, OwnAddresses siblings) {
        InstanceSpec spec = spec(exit);
        return ExitSettingsMaker.of(
                spec, siblings, () -> List.of(Ip.inet(INTERFACE), Ip.inet(new byte[] {127, 0, 0, 1})));
    }
}
