package sallyport.engine.instance;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;

/// From a spec to what its exit obeys.
final class ExitSettingsMaker {
    private ExitSettingsMaker() {}

    /// @throws IllegalArgumentException when a policy line is wrong: whoever read the configuration has checked them
    static ExitSettings of(InstanceSpec spec) {
        ExitSpec exit = spec.exit();
        List<RelayAddress> own = new ArrayList<>(spec.orAddresses());
        own.addAll(spec.listening());
        for (InetAddress source : spec.outboundExit()) {
            own.add(new RelayAddress(source.getAddress(), 0));
        }
        for (InetAddress source : spec.outboundOr()) {
            own.add(new RelayAddress(source.getAddress(), 0));
        }
        List<String> lines = exit.policy();
        boolean reduced = !lines.isEmpty() && lines.getLast().equals(ExitSpec.REDUCED_POLICY);
        if (reduced) {
            lines = lines.subList(0, lines.size() - 1);
        }
        ExitPolicyOptions options = new ExitPolicyOptions(exit.ipv6(), exit.rejectsPrivate(), own, reduced);
        try {
            return ExitSettings.of(ExitPolicy.parse(lines, options), exit.ipv6(), spec.outboundExit());
        } catch (ExitPolicyException e) {
            throw new IllegalArgumentException("exit policy of " + spec.id(), e);
        }
    }
}
