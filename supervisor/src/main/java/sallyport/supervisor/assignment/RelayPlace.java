package sallyport.supervisor.assignment;

/// Where one relay is, as the lock file records it.
///
/// @param id names its keys, its log lines and its metrics
/// @param group of the configuration
/// @param number within the group, from 1
/// @param host whose process runs it
/// @param nickname for whoever reads the file
/// @param addresses where it listens, and what it publishes
/// @param exit source of its connections to servers; none where its own addresses are
/// @param fingerprint 40 upper-case hex digits; empty until its keys were made
public record RelayPlace(
        String id,
        String group,
        int number,
        String host,
        String nickname,
        AddressPair addresses,
        int port,
        AddressPair exit,
        String fingerprint)
        implements Comparable<RelayPlace> {
    /// Orders by group and number.
    @Override
    public int compareTo(RelayPlace other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : Integer.compare(number, other.number);
    }

    /// Whether both listen at the same place on the same host, and are seen from the same one.
    public boolean isSamePlace(RelayPlace other) {
        return host.equals(other.host)
                && addresses.equals(other.addresses)
                && port == other.port
                && exit.equals(other.exit);
    }

    public RelayPlace withNickname(String other) {
        return new RelayPlace(id, group, number, host, other, addresses, port, exit, fingerprint);
    }

    public RelayPlace withFingerprint(String other) {
        return new RelayPlace(id, group, number, host, nickname, addresses, port, exit, other);
    }

    /// The line of the lock file.
    String line() {
        StringBuilder line = new StringBuilder("relay ").append(id);
        append(line, "group", group);
        append(line, "number", Integer.toString(number));
        append(line, "host", host);
        append(line, "nickname", nickname);
        append(line, "address", addresses.toString());
        append(line, "port", Integer.toString(port));
        append(line, "exit", exit.isNone() ? "" : exit.toString());
        append(line, "fingerprint", fingerprint);
        return line.toString();
    }

    private static void append(StringBuilder line, String key, String value) {
        if (!value.isEmpty()) {
            line.append(' ').append(key).append('=').append(value);
        }
    }
}
