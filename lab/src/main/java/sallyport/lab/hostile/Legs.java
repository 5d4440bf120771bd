package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.CONFLUX_LINK;
import static sallyport.engine.cell.RelayCommand.CONFLUX_LINKED;
import static sallyport.engine.cell.RelayCommand.CONFLUX_LINKED_ACK;
import static sallyport.engine.cell.RelayCommand.CONFLUX_SWITCH;
import static sallyport.engine.cell.RelayCommand.RESOLVE;
import static sallyport.engine.cell.RelayCommand.TRUNCATE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.bytes.Writer;

/// Two circuits of ours on one link, which may become legs of one set (proposal 329).
///
/// @param format of the relay cells of both
/// @param nonce 32 bytes that nobody used before
record Legs(Bench bench, Format format, ClientCircuit first, ClientCircuit second, byte[] nonce) {
    /// Of relay cells.
    enum Format {
        TOR1,
        COUNTER_GALOIS;

        /// The name of a row, as it is for this format.
        String row(String name) {
            return this == TOR1 ? name : "CGO: " + name;
        }

        /// Asks for it, and for congestion control, without which nothing is a leg.
        private byte[] request() {
            return this == TOR1 ? NtorV3.CONGESTION_CONTROL : NtorV3.COUNTER_GALOIS;
        }
    }

    private static final int HIGH_THROUGHPUT = 3;
    private static final byte[] NOTHING = {};
    private static final byte[] LITERAL = "192.0.2.1\0".getBytes(StandardCharsets.US_ASCII);

    /// What a row does with them, and what comes back.
    @FunctionalInterface
    interface Exchange {
        String on(Legs legs) throws Exception;
    }

    /// Circuits that are not linked.
    static Legs unlinked(Bench bench, Format format) throws IOException {
        ClientCircuit first = switch (format) {
            case TOR1 -> bench.congestionControlled();
            case COUNTER_GALOIS -> bench.counterGalois();
        };
        byte[] nonce = new byte[32];
        new SecureRandom().nextBytes(nonce);
        return new Legs(bench, format, first, another(bench, first, format), nonce);
    }

    /// Both linked. Only the first has acknowledged, so that everything numbered comes back there.
    static Legs linked(Bench bench, Format format) throws IOException {
        Legs legs = unlinked(bench, format);
        legs.linkBoth();
        return legs;
    }

    /// Only the first acknowledges.
    void linkBoth() throws IOException {
        link(first);
        link(second);
        first.send(CONFLUX_LINKED_ACK, 0, NOTHING);
    }

    /// One circuit more on that link.
    ClientCircuit another() throws IOException {
        return another(format);
    }

    /// One circuit more on that link, of whatever format.
    ClientCircuit another(Format of) throws IOException {
        return another(bench, first, of);
    }

    /// No row's: what a leg lives by is not what other circuits live by.
    private static ClientCircuit another(Bench bench, ClientCircuit beside, Format format) throws IOException {
        ClientCircuit made = ClientCircuit.create(beside.link(), new NtorV3(bench.relay(), format.request()));
        bench.withoutCircuit();
        return made;
    }

    /// The body of a LINK that claims nothing.
    byte[] body() {
        return body(0, 0);
    }

    /// The body of a LINK.
    byte[] body(long lastSent, long lastReceived) {
        return new Writer()
                .u8(1)
                .bytes(nonce)
                .u64(lastSent)
                .u64(lastReceived)
                .u8(HIGH_THROUGHPUT)
                .toBytes();
    }

    /// Makes it a leg.
    void link(ClientCircuit circuit) throws IOException {
        link(circuit, body());
    }

    /// Makes it a leg by this LINK.
    void link(ClientCircuit circuit, byte[] body) throws IOException {
        circuit.send(CONFLUX_LINK, 0, body);
        circuit.awaitMessage(CONFLUX_LINKED);
    }

    /// Asks what every relay answers at once: a numbered message.
    static void ask(ClientCircuit circuit, int stream) throws IOException {
        circuit.send(RESOLVE, stream, LITERAL);
    }

    /// Says that what follows is numbered that much higher.
    static void skip(ClientCircuit circuit, int numbers) throws IOException {
        circuit.send(CONFLUX_SWITCH, 0, new Writer().u32(numbers).toBytes());
    }

    /// What comes before the answer to a message that is about this circuit alone, or up to its end;
    /// `nothing` if it is nothing. Answers to [#ask] are written `answer` with the stream.
    static String quiet(ClientCircuit circuit) throws IOException {
        circuit.send(TRUNCATE, 0, new byte[1]);
        List<String> seen = new ArrayList<>();
        while (true) {
            String answer = circuit.answer();
            if (answer.startsWith("TRUNCATED(0)")) {
                break;
            }
            seen.add(answer.replaceAll("RESOLVED\\((\\d+)\\) [0-9a-f]+", "answer $1"));
            if (answer.startsWith("DESTROY") || answer.equals("closed")) {
                break;
            }
        }
        return seen.isEmpty() ? "nothing" : String.join(", ", seen);
    }

    /// Both where both end at once, the first first. C tor has the second DESTROY wait until it has some
    /// other cell for that link, so there is one.
    String bothEnds() throws IOException {
        another();
        return bothQuiet();
    }

    /// Both, the first first.
    String bothQuiet() throws IOException {
        return quiet(first) + "; " + quiet(second);
    }
}
