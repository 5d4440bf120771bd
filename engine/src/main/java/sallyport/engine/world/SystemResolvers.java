package sallyport.engine.world;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `nameserver` lines of resolv.conf(5).
final class SystemResolvers {
    static final Path FILE = Path.of("/etc/resolv.conf");
    private static final int DNS_PORT = 53;

    private SystemResolvers() {}

    /// Literals only, in order; what cannot be read is skipped. resolv.conf(5): "If no nameserver entries are present,
    /// the default is to use the name server on the local machine."
    static List<InetSocketAddress> read(Path file) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 2
                    && words[0].equals("nameserver")
                    && (NetUtil.isValidIpV4Address(words[1]) || NetUtil.isValidIpV6Address(words[1]))) {
                InetAddress address = literal(words[1]);
                if (address != null) {
                    servers.add(new InetSocketAddress(address, DNS_PORT));
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress("127.0.0.1", DNS_PORT));
        }
        return List.copyOf(servers);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Of a literal, perhaps with a zone (`fe80::1%eth0`); null where this machine has no such zone.
    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
