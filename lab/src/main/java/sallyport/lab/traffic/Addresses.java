package sallyport.lab.traffic;

import java.net.InetAddress;

/// IP addresses as text, without ever asking a resolver.
final class Addresses {
    private Addresses() {}

    /// Whether the text is an IPv4 or IPv6 address rather than a name.
    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    /// The address without name or scope.
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
