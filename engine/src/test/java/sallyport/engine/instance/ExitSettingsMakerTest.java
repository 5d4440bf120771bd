package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;

class ExitSettingsMakerTest {
    private static final byte[] INTERFACE = {(byte) 198, 51, 100, 50};
    private static final byte[] ELSEWHERE = {(byte) 198, 51, 100, 1};

    @Test
    void reducedStandsBehindTheOperatorsRules() {
        ExitPolicy policy = policy(false, "reject *:80", ExitSpec.REDUCED_POLICY);
        assertThat(policy.accepts(ELSEWHERE, 443)).isTrue();
        assertThat(policy.accepts(ELSEWHERE, 80)).isFalse();
        // The default list accepts it, the reduced one does not.
        assertThat(policy.accepts(ELSEWHERE, 12345)).isFalse();
        assertThat(policy(false, "reject *:80").accepts(ELSEWHERE, 12345)).isTrue();
        assertThat(policy(false, ExitSpec.REDUCED_POLICY).accepts(ELSEWHERE, 80))
                .isTrue();
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

    private static ExitPolicy policy(ExitSpec exit) {
        InstanceSpec spec = new InstanceSpec(
                "a",
                "a",
                List.of(new RelayAddress(new byte[] {(byte) 198, 51, 100, 10}, 9001)),
                List.of(new RelayAddress(new byte[] {(byte) 198, 51, 100, 40}, 9001)),
                List.of(Ip.inet(new byte[] {(byte) 198, 51, 100, 20})),
                List.of(Ip.inet(new byte[] {(byte) 198, 51, 100, 30})),
                exit,
                "",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                PublishingSpec.ORDINARY);
        return ExitSettingsMaker.of(spec, () -> List.of(Ip.inet(INTERFACE), Ip.inet(new byte[] {127, 0, 0, 1})))
                .policy();
    }
}
