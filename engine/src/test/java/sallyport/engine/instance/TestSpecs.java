package sallyport.engine.instance;

import java.util.List;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.limits.BandwidthRates;

/// Relays that let nothing out, belong to nobody and have no limits.
public final class TestSpecs {
    private TestSpecs() {}

    /// One that is found, and listens, at this address.
    public static InstanceSpec of(String id, String nickname, RelayAddress address) {
        return of(id, nickname, address, AccountingSpec.NONE);
    }

    /// The same with a quota.
    public static InstanceSpec of(String id, String nickname, RelayAddress address, AccountingSpec accounting) {
        return of(id, nickname, address, accounting, PublishingSpec.ORDINARY);
    }

    /// The same, published after another proof.
    public static InstanceSpec of(String id, String nickname, RelayAddress address, PublishingSpec publishing) {
        return of(id, nickname, address, AccountingSpec.NONE, publishing);
    }

    private static InstanceSpec of(
            String id, String nickname, RelayAddress address, AccountingSpec accounting, PublishingSpec publishing) {
        return new InstanceSpec(
                id,
                nickname,
                List.of(address),
                List.of(address),
                List.of(),
                List.of(),
                new ExitSpec(false, List.of("reject *:*"), false),
                true,
                "",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                accounting,
                publishing);
    }
}
