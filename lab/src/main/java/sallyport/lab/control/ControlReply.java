package sallyport.lab.control;

import java.util.List;

/// What C tor answered to one command, or one asynchronous event.
///
/// @param status control-spec "Replies": 2xx good, 4xx and 5xx refused, 650 an event
/// @param lines without status and separator; a data block follows its line as further lines
public record ControlReply(int status, List<String> lines) {
    /// Whether the command was obeyed.
    public boolean isGood() {
        return status / 100 == 2;
    }

    /// The first line.
    public String first() {
        return lines.getFirst();
    }

    /// All lines, as the text C tor sent.
    public String text() {
        return String.join("\n", lines);
    }
}
