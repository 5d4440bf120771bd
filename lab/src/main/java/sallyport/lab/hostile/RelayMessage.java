package sallyport.lab.hostile;

import java.util.Map;
import sallyport.engine.bytes.Hex;

/// A relay message that came back, decrypted.
///
/// @param hop which hop sent it, from 0
/// @param padding what stood behind the data
record RelayMessage(int hop, int command, int stream, byte[] data, byte[] padding) {
    private static final int SHOWN_BYTES = 64;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "BEGIN"),
            Map.entry(2, "DATA"),
            Map.entry(3, "END"),
            Map.entry(4, "CONNECTED"),
            Map.entry(5, "SENDME"),
            Map.entry(7, "EXTENDED"),
            Map.entry(8, "TRUNCATE"),
            Map.entry(9, "TRUNCATED"),
            Map.entry(10, "DROP"),
            Map.entry(12, "RESOLVED"),
            Map.entry(15, "EXTENDED2"),
            Map.entry(20, "CONFLUX_LINKED"),
            Map.entry(22, "CONFLUX_SWITCH"),
            Map.entry(35, "INTRODUCE2"),
            Map.entry(37, "RENDEZVOUS2"),
            Map.entry(38, "INTRO_ESTABLISHED"),
            Map.entry(39, "RENDEZVOUS_ESTABLISHED"),
            Map.entry(40, "INTRODUCE_ACK"),
            Map.entry(42, "PADDING_NEGOTIATED"),
            Map.entry(43, "XOFF"),
            Map.entry(44, "XON"));

    /// As the rows write it: name, stream in parentheses, data in hex (only its length where it is long).
    String text() {
        String name = NAMES.getOrDefault(command, "relay command " + command) + "(" + stream + ")";
        if (data.length == 0) {
            return name;
        }
        return name + " " + (data.length <= SHOWN_BYTES ? Hex.lower(data) : data.length + " bytes");
    }
}
