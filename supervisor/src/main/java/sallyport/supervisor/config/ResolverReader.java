package sallyport.supervisor.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import sallyport.engine.host.HijackDetection;
import sallyport.engine.host.ResolverSpec;

/// Reads `resolver` and the keys that begin with it.
final class ResolverReader {
    private static final String TEST_NAMES_EXAMPLE = "[\"www.example.org\", \"www.example.net\"]";
    // RFC 1035 2.3.4: labels of 63 octets, 253 characters in all.
    private static final Pattern HOST_NAME = Pattern.compile("(?=.{1,253}$)[\\w-]{1,63}(\\.[\\w-]{1,63})*");

    private ResolverReader() {}

    /// @param testing whether the relays join a testing network, whose names nobody knows
    static ResolverSpec read(Section file, boolean testing) {
        return new ResolverSpec(
                resolvers(file), file.flag("resolver-randomize-case", true), hijackDetection(file, testing));
    }

    /// C tor's ServerDNSDetectHijacking and ServerDNSTestAddresses; its names stand in the public DNS.
    private static HijackDetection hijackDetection(Section file, boolean testing) {
        boolean enabled = file.flag("resolver-detect-hijacking", true);
        Value value = file.optional("resolver-test-names");
        if (value == null) {
            return new HijackDetection(enabled, testing ? List.of() : HijackDetection.PUBLIC_NAMES);
        }
        List<String> names = new ArrayList<>();
        for (Value element : value.list()) {
            String name = element.text(TEST_NAMES_EXAMPLE);
            if (name != null && !HOST_NAME.matcher(name).matches()) {
                element.problem("is " + element.shown() + ", not a name", "write it as " + TEST_NAMES_EXAMPLE);
            } else if (name != null) {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new HijackDetection(enabled, names);
    }

    private static List<InetSocketAddress> resolvers(Section file) {
        Value value = file.optional("resolver");
        if (value == null) {
            return List.of();
        }
        List<InetSocketAddress> resolvers = new ArrayList<>();
        List<Value> elements = value.list();
        for (Value element : elements) {
            InetSocketAddress resolver = Addresses.resolver(element);
            if (resolver != null && resolvers.contains(resolver)) {
                element.problem("is listed twice", "remove one of them");
            } else if (resolver != null) {
                resolvers.add(resolver);
            }
        }
        if (elements.isEmpty()) {
            value.problem("is an empty list", "name a resolver, or remove the key to use the system's");
        }
        return resolvers;
    }
}
