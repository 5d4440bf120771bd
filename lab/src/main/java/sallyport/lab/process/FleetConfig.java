package sallyport.lab.process;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A configuration file of a fleet in a private network: one pool, one group of exits to everywhere, an address for
/// each.
///
/// @param authorityLines torrc DirAuthority arguments, verbatim
/// @param resolver `host:port`
/// @param pool addresses, at least as many as relays
/// @param name of the relays, who are numbered from 1
/// @param relays how many
/// @param more further lines at the top level
public record FleetConfig(
        Path dataDirectory,
        List<String> authorityLines,
        String resolver,
        List<String> pool,
        String name,
        int relays,
        List<String> more) {

    /// The same fleet with another number of relays.
    public FleetConfig with(int count) {
        return new FleetConfig(dataDirectory, authorityLines, resolver, pool, name, count, more);
    }

    /// The file's text.
    public String text() {
        return """
                data-directory = "%s"
                network { kind = testing, authorities = [%s] }
                resolver = "%s"
                pools.main.ipv4 = [%s]
                groups.exits {
                  count = %d, nickname = "%s{n}", or-port = 9001, strategy = one-each
                  exit-policy = ["accept *:*"], exit-policy-reject-private = false, contact = "lab[]example.org"
                }
                %s
                """.formatted(
                dataDirectory, quoted(authorityLines), resolver, quoted(pool), relays, name, String.join("\n", more));
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
    }
}
