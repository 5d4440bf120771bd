package sallyport.engine.instance;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;

/// From a spec to what its exit obeys.
final class ExitSettingsMaker {
    private ExitSettingsMaker() {}

    /// @param siblings addresses of the process's relays, refused like private networks; the descriptor
    /// does not name them, as it has no room for hundreds
    /// @param interfaces every address of the host; asked only where the operator wants them refused
    /// @throws IllegalArgumentException when a policy line is wrong: whoever read the file has checked them
    static ExitSettings of(InstanceSpec spec, OwnAddresses siblings, Supplier<List<InetAddress>> interfaces) {
        ExitSpec exit = spec.exit();
        List<RelayAddress> refused = new ArrayList<>();
        if (exit.rejectsPrivate()) {
            refused.addAll(spec.orAddresses());
        }
        if (exit.rejectsPrivate() || exit.rejectsLocalInterfaces()) {
            refused.addAll(spec.listening());
            addAll(refused, spec.outboundExit());
            addAll(refused, spec.outboundOr());
        }
        if (exit.rejectsLocalInterfaces()) {
            addAll(refused, interfaces.get());
        }
        ExitPolicyOptions options = new ExitPolicyOptions(exit.ipv6(), exit.rejectsPrivate(), refused, exit.named());
        try {
            ExitSettings settings =
                    ExitSettings.of(ExitPolicy.parse(exit.rules(), options), exit.ipv6(), spec.outboundExit());
            return exit.rejectsPrivate() ? settings.refusing(siblings::contains) : settings;
        } catch (ExitPolicyException e) {
            throw new IllegalArgumentException("exit policy of " + spec.id(), e);
        }
    }

    private static void addAll(List<RelayAddress> to, List<InetAddress> addresses) {
        addresses.forEach(address -> to.add(new RelayAddress(address.getAddress(), 0)));
    }
}
