package sallyport.supervisor.budget;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The local ports that connections take, of each source address anew (`net.ipv4.ip_local_port_range`).
///
/// @param last included
public record PortRange(int first, int last) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})\\s*");

    /// As the kernel prints it; empty for anything else.
    public static Optional<PortRange> parse(String text) {
        Matcher range = TEXT.matcher(text);
        return range.matches()
                ? Optional.of(new PortRange(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2))))
                : Optional.empty();
    }

    /// How many there are.
    public int size() {
        return last - first + 1;
    }
}
