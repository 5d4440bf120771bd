package sallyport.lab.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sallyport.engine.cell.RelayCommand;

/// One request over BEGIN_DIR, and what came back up to the stream's end.
///
/// @param bytes status line, headers and body
/// @param end the message that ended the stream, as the rows write it
public record DirectoryStream(byte[] bytes, String end) {
    private static final int ID = 7;
    private static final int DATA_MAX = 498;
    private static final String END_OF_HEAD = "\r\n\r\n";

    /// Asks over a link of one's own, as clients do that know no network yet.
    public static DirectoryStream ask(RelayFacts relay, String request) throws IOException {
        try (ClientLink link = ClientLink.asClient(relay)) {
            return ask(ClientCircuit.create(link, new Ntor(relay)), request);
        }
    }

    /// Asks over a circuit. Answers longer than a window are not for this client: it acknowledges nothing.
    static DirectoryStream ask(ClientCircuit circuit, String request) throws IOException {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        circuit.send(RelayCommand.BEGIN_DIR, ID, new byte[0]).awaitMessage(RelayCommand.CONNECTED);
        for (int from = 0; from < bytes.length; from += DATA_MAX) {
            circuit.send(
                    RelayCommand.DATA, ID, Arrays.copyOfRange(bytes, from, Math.min(from + DATA_MAX, bytes.length)));
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (true) {
            RelayMessage message = circuit.message();
            switch (message.command()) {
                case RelayCommand.DATA -> answer.writeBytes(message.data());
                case RelayCommand.SENDME -> {
                    // For what we sent.
                }
                default -> {
                    return new DirectoryStream(answer.toByteArray(), message.text());
                }
            }
        }
    }

    /// The status without the protocol, or `no answer`.
    public String status() {
        String text = text();
        return text.isEmpty() ? "no answer" : text.substring("HTTP/1.0 ".length(), text.indexOf("\r\n"));
    }

    /// The names of its headers, in order.
    public String headers() {
        String text = text();
        StringBuilder names = new StringBuilder();
        for (String line : text.substring(0, text.indexOf(END_OF_HEAD)).split("\r\n", -1)) {
            names.append(line.contains(": ") ? line.substring(0, line.indexOf(": ") + 1) : "");
        }
        return names.toString();
    }

    public byte[] body() {
        return Arrays.copyOfRange(bytes, text().indexOf(END_OF_HEAD) + END_OF_HEAD.length(), bytes.length);
    }

    private String text() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
