package sallyport.supervisor.fleet;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authority;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.RunSpec;

/// Relays and fleets as a configuration would make them.
final class Fixtures {
    private Fixtures() {}

    /// Everything is parsed anew each time: records of arrays are equal only to themselves, and a reload must not fall
    /// for it.
    static FleetSpec fleet(List<InstanceSpec> relays) {
        NetworkSpec network = new NetworkSpec(true, List.of(authority("127.0.0.1:7002")));
        return new FleetSpec(Path.of("/data"), network, ProcessSpec.DEFAULT, RunSpec.DEFAULT, relays);
    }

    static Authority authority(String address) {
        try {
            return Authority.parse("test000a v3ident=0123456789ABCDEF0123456789ABCDEF01234567 " + address
                    + " 89ABCDEF0123456789ABCDEF0123456789ABCDEF");
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    static InstanceSpec relay(String id, int port, String contact, String policy) {
        List<RelayAddress> address = List.of(new RelayAddress(new byte[] {127, 0, 0, 1}, port));
        return new InstanceSpec(
                id,
                id,
                address,
                address,
                List.of(),
                List.of(),
                new ExitSpec(false, List.of(policy), false),
                true,
                contact,
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                PublishingSpec.ORDINARY);
    }

    static InstanceStatus status(String id, InstanceState state) {
        return new InstanceStatus(id, id, "", state, Instant.EPOCH, 0, Map.of());
    }
}
