package sallyport.lab.control;

/// How one stream of a client ended, as its control port told.
///
/// @param status the last event: `CLOSED`, `FAILED` or `DETACHED`
/// @param reason control-spec's REASON, for example `END` or `DONE`; empty if none was given
/// @param remoteReason the exit's END reason, for example `CONNECTREFUSED`; empty if the exit gave none
public record StreamEnd(String status, String reason, String remoteReason) {
    static StreamEnd of(String event) {
        return new StreamEnd(ControlClient.word(event, 2), field(event, "REASON"), field(event, "REMOTE_REASON"));
    }

    static String field(String event, String name) {
        String key = " " + name + "=";
        int at = event.indexOf(key);
        if (at < 0) {
            return "";
        }
        String rest = event.substring(at + key.length());
        if (rest.startsWith("\"")) {
            return rest.substring(1, rest.indexOf('"', 1));
        }
        int space = rest.indexOf(' ');
        return space < 0 ? rest : rest.substring(0, space);
    }
}
