package sallyport.lab.hostile;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Where one row runs against one subject: makes links and circuits of the kinds that rows start from, and
/// knows afterwards what has to be alive. Whatever it made is gone when it closes.
public final class Bench implements AutoCloseable {
    private static final int RELAY_LINK_ATTEMPTS = 3;

    private final Subject subject;
    private final Surroundings around;
    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private @Nullable ClientLink link;
    private @Nullable ClientCircuit bystander;
    private @Nullable ClientCircuit circuit;

    Bench(Subject subject, Surroundings around) {
        this.subject = subject;
        this.around = around;
    }

    /// Runs a row; an empty text when everything was as it has to be, else what was not.
    static String run(Row row, Subject subject, Surroundings around) throws Exception {
        Row.Answer expected = row.answer(subject.kind());
        try (Bench bench = new Bench(subject, around)) {
            String answer = row.scenario().run(bench);
            return answer.equals(expected.text())
                    ? bench.missing(expected.closes())
                    : "expected <" + expected.text() + "> but got <" + answer + ">";
        }
    }

    RelayFacts relay() {
        return subject.facts();
    }

    Surroundings around() {
        return around;
    }

    /// A link as a client has it.
    ClientLink clientLink() throws IOException {
        return with(ClientLink.asClient(subject.facts(), around.ours()));
    }

    /// A link as a relay has it that the consensus lists.
    ClientLink relayLink() throws IOException {
        return relayLink(subject.facts());
    }

    /// A relay closes a link without circuits when it has a better one to the same relay, as it may have
    /// here: the one in whose name we speak is there as well. Our first circuit can come too late for
    /// that.
    private ClientLink relayLink(RelayFacts to) throws IOException {
        Identity identity = Identity.ofTor(around.relayKeys());
        for (int left = RELAY_LINK_ATTEMPTS - 1; ; left--) {
            try {
                return with(ClientLink.asRelay(to, around.ours(), identity));
            } catch (EOFException closed) {
                if (left == 0) {
                    throw closed;
                }
            }
        }
    }

    /// The relay in whose name [#relayLink()] speaks; nobody can reach it under this address.
    RelayFacts previousHop() throws IOException {
        Identity identity = Identity.ofTor(around.relayKeys());
        return new RelayFacts(
                new InetSocketAddress(around.ours(), 1), identity.rsaId(), identity.ed25519(), new X25519Key().point());
    }

    /// A link that has only TLS. Nothing is known to live on it.
    ClientLink bareLink() throws IOException {
        ClientLink bare = ClientLink.dial(subject.facts(), around.ours());
        made.push(bare);
        link = bare;
        return bare;
    }

    /// A circuit of one hop by CREATE_FAST on a client's link.
    ClientCircuit fastCircuit() throws IOException {
        return with(ClientCircuit.fast(clientLink()));
    }

    /// A circuit of one hop by ntor on a client's link.
    ClientCircuit clientCircuit() throws IOException {
        return with(ClientCircuit.create(clientLink(), new Ntor(subject.facts())));
    }

    /// A circuit by ntor on a relay's link: its end may open streams.
    ClientCircuit exitCircuit() throws IOException {
        return with(ClientCircuit.create(relayLink(), new Ntor(subject.facts())));
    }

    /// As [#exitCircuit()], but to the subject's sibling that refuses private addresses.
    ClientCircuit guardedExitCircuit() throws IOException {
        return with(ClientCircuit.create(relayLink(subject.guarded()), new Ntor(subject.guarded())));
    }

    /// One more of this kind, on a link that is there already. The row does not speak of it.
    ClientCircuit another(ClientLink on) throws IOException {
        return ClientCircuit.create(on, new Ntor(subject.facts()));
    }

    /// As [#exitCircuit()], but with congestion control, by ntor-v3.
    ClientCircuit congestionControlled() throws IOException {
        return with(ClientCircuit.create(relayLink(), new NtorV3(subject.facts(), NtorV3.CONGESTION_CONTROL)));
    }

    /// The same with counter galois onion on top.
    ClientCircuit counterGalois() throws IOException {
        return with(ClientCircuit.create(relayLink(), new NtorV3(subject.facts(), NtorV3.COUNTER_GALOIS)));
    }

    /// A circuit of two hops, the subject being the second.
    ClientCircuit twoHops() throws IOException {
        ClientLink first = ClientLink.asClient(around.entry(), around.ours());
        made.push(first);
        return with(ClientCircuit.create(first, new Ntor(around.entry()))
                .extend(subject.facts(), new Ntor(subject.facts())));
    }

    /// A relay to extend to, of an identity nobody saw before.
    FakeRelay nextHop() throws IOException {
        FakeRelay fake = new FakeRelay(Identity.fresh(), around.ours());
        made.push(fake);
        return fake;
    }

    /// Closes it with everything else.
    <C extends AutoCloseable> C closeLater(C closeable) {
        made.push(closeable);
        return closeable;
    }

    /// A server to connect to.
    ServerSocket server(int backlog) throws IOException {
        ServerSocket server = new ServerSocket(0, backlog, around.ours());
        server.setSoTimeout(CellWire.PATIENCE_MILLIS);
        made.push(server);
        return server;
    }

    /// The circuit of which the row speaks.
    <C extends @Nullable ClientCircuit> C with(C watched) {
        circuit = watched;
        return watched;
    }

    /// The row speaks of several circuits, and says itself what becomes of them.
    void withoutCircuit() {
        circuit = null;
    }

    private ClientLink with(ClientLink opened) throws IOException {
        made.push(opened);
        link = opened;
        bystander = ClientCircuit.fast(opened);
        return opened;
    }

    private String missing(Row.Scope closes) throws IOException {
        switch (closes) {
            case NOTHING -> {
                if (circuit != null && !circuit.quiet().equals("nothing")) {
                    return "the circuit does not live on";
                }
            }
            case CIRCUIT -> {
                if (bystander != null && !bystander.quiet().equals("nothing")) {
                    return "another circuit of the link suffered";
                }
            }
            case LINK -> {
                if (link == null || !link.outcome().endsWith("closed")) {
                    return "the link is not closed";
                }
                return "";
            }
        }
        return link == null || link.outcome().equals("open") ? "" : "the link does not live on";
    }

    @Override
    public void close() throws Exception {
        while (!made.isEmpty()) {
            made.pop().close();
        }
    }
}
