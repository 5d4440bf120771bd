package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;

/// Reads where one relay is found and where it listens: `address`, `or-port` and `listen`. In torrc each of these is an
/// `ORPort` line: what is only published has `NoListen`, what is only listened on has `NoAdvertise`.
final class ListenReader {
    static final String ADDRESS_EXAMPLE = "\"192.0.2.10\" or [\"192.0.2.10\", \"2001:db8::10\"]";
    static final String NO_IPV4 = "has no IPv4 address, which every relay needs";
    static final String ADD_IPV4 = "add one: " + ADDRESS_EXAMPLE;
    private static final String LISTEN_EXAMPLE = "\"10.0.0.5:9001\" or [\"10.0.0.5:9001\", \"[::]:9001\"]";

    private ListenReader() {}

    /// @param published where others find it: IPv4 first, at most one of each family
    /// @param listening never empty
    record Reading(List<RelayAddress> published, List<RelayAddress> listening) {}

    /// Null, with problems, where nothing of it can be published.
    static @Nullable Reading read(Section section, boolean testing, Taken taken) {
        Value address = section.required("address", "\"192.0.2.10\"");
        Value orPort = section.required("or-port", "9001");
        Value listen = section.optional("listen");
        Integer port = orPort == null ? null : orPort.port();
        List<RelayAddress> published = address == null ? List.of() : published(address, port, testing);
        List<RelayAddress> listening = listen == null ? List.of() : listening(listen, port);
        // Two that cannot both be are said, whatever else is wrong with these relays.
        for (RelayAddress each : published) {
            if (taken.orAddress(each, Objects.requireNonNull(address)) && listen == null) {
                taken.listening(each, address);
            }
        }
        if (listen == null) {
            return published.isEmpty() ? null : new Reading(published, published);
        }
        listening.forEach(each -> taken.listening(each, listen));
        return published.isEmpty() || listening.isEmpty() ? null : new Reading(published, listening);
    }

    /// What could be read of it; empty where the port could not.
    private static List<RelayAddress> published(Value address, @Nullable Integer port, boolean testing) {
        Addresses.Read read = Addresses.onePerFamily(address, ADDRESS_EXAMPLE);
        List<byte[]> ips = read.ips();
        if (read.whole() && ips.getFirst().length != Addresses.IPV4_BYTES) {
            address.problem(NO_IPV4, ADD_IPV4);
        }
        for (byte[] ip : ips) {
            if (!testing && (Ip.isPrivate(ip) || Ip.isInternal(ip))) {
                address.problem(
                        "is " + Addresses.plain(ip) + ", which the public network cannot reach",
                        "write the public address of this host, behind NAT with listen beside it, or set network.kind ="
                                + " testing");
            }
        }
        return port == null
                ? List.of()
                : ips.stream().map(ip -> new RelayAddress(ip, port)).toList();
    }

    /// @param orPort the port of those that name none; null where that could not be read
    private static List<RelayAddress> listening(Value value, @Nullable Integer orPort) {
        List<Value> elements = value.list();
        List<RelayAddress> addresses = new ArrayList<>();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "write " + LISTEN_EXAMPLE + ", or remove it");
        }
        for (Value element : elements) {
            RelayAddress address = Addresses.withPort(element, orPort == null ? 0 : orPort, LISTEN_EXAMPLE);
            if (address != null && addresses.contains(address)) {
                element.problem("is listed twice", "remove one of them");
            } else if (address != null) {
                addresses.add(address);
            }
        }
        // Without a port where the or-port is none, which was said.
        addresses.removeIf(each -> each.port() == 0);
        return addresses;
    }
}
