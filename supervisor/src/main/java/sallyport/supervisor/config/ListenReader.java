package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;

/// Reads where one relay is found and where it listens: `address`, `or-port` and `listen`. In torrc each of these is an
/// `ORPort` line: what is only published has `NoListen`, what is only listened on has `NoAdvertise`.
final class ListenReader {
    static final String ADDRESS_EXAMPLE = "\"192.0.2.10\" or [\"192.0.2.10\", \"2001:db8::10\"]";
    private static final String LISTEN_EXAMPLE = "\"10.0.0.5:9001\" or [\"10.0.0.5:9001\", \"[::]:9001\"]";

    private ListenReader() {}

    /// @param published where others find it: IPv4 first, at most one of each family
    /// @param listening never empty
    record Reading(List<RelayAddress> published, List<RelayAddress> listening) {}

    /// Null, with problems, where it cannot be published.
    static @Nullable Reading read(Section section, boolean testing, Taken taken) {
        Value address = section.required("address", "\"192.0.2.10\"");
        Value orPort = section.required("or-port", "9001");
        Value listen = section.optional("listen");
        List<byte[]> ips = address == null ? null : Addresses.onePerFamily(address, ADDRESS_EXAMPLE);
        Integer port = orPort == null ? null : orPort.port();
        List<RelayAddress> published = address == null || ips == null ? null : published(address, ips, port, testing);
        List<RelayAddress> listening = listen == null ? null : listening(listen, port);
        if (address == null || published == null) {
            return null;
        }
        for (RelayAddress each : published) {
            if (taken.orAddress(each, address) && listen == null) {
                taken.listening(each, address);
            }
        }
        if (listen == null) {
            return new Reading(published, published);
        }
        if (listening == null) {
            return null;
        }
        listening.forEach(each -> taken.listening(each, listen));
        return new Reading(published, listening);
    }

    private static @Nullable List<RelayAddress> published(
            Value address, List<byte[]> ips, @Nullable Integer port, boolean testing) {
        if (ips.getFirst().length != 4) {
            address.problem("has no IPv4 address, which every relay needs", "add one: " + ADDRESS_EXAMPLE);
            return null;
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
                ? null
                : ips.stream().map(ip -> new RelayAddress(ip, port)).toList();
    }

    /// @param orPort the port of those that name none; null where that could not be read
    private static @Nullable List<RelayAddress> listening(Value value, @Nullable Integer orPort) {
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
        return addresses.isEmpty() || addresses.stream().anyMatch(each -> each.port() == 0) ? null : addresses;
    }
}
