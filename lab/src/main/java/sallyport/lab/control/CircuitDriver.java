package sallyport.lab.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes a C tor client use the circuits we choose: built along a given path, with the streams of a given fetch on
/// them.
///
/// The client leaves every stream unattached and the driver attaches it. A stream belongs to the circuit whose token
/// it gave as SOCKS user name (control-spec "STREAM": SOCKS_USERNAME), and leaves it at the hop that follows the token,
/// else at the last; a stream without a token goes where C tor likes. A client has at most one driver. Safe for use by
/// several threads.
public final class CircuitDriver implements AutoCloseable {
    /// tor-spec END reason MISC: what a client's application hears when we close a stream that its exit refused.
    private static final int REASON_MISC = 1;

    private final ControlClient control;
    private final InetSocketAddress socksPort;
    private final Map<String, DrivenCircuit> byToken = new ConcurrentHashMap<>();
    private final Map<String, DrivenCircuit> byId = new ConcurrentHashMap<>();
    private final Map<String, DrivenCircuit> byStream = new ConcurrentHashMap<>();
    // A circuit may fail before we know its id: its events wait here for the one who asked.
    private final Map<String, String> lastCircuitEvent = new HashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final ExecutorService commands = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("circuit-driver").factory());

    /// Takes the client over. Owns `control` from here on.
    public CircuitDriver(ControlClient control, InetSocketAddress socksPort) throws IOException, InterruptedException {
        this.control = control;
        this.socksPort = socksPort;
        control.listen(this::onEvent);
        control.setEvents("CIRC", "STREAM");
        // Without predicted circuits nothing but what a test asks for travels through the relays.
        control.setConf("__LeaveStreamsUnattached=1", "__DisablePredictedCircuits=1");
    }

    /// Builds a circuit through these relays and waits until it stands.
    ///
    /// @param path fingerprints of two to eight relays, the exit last
    /// @throws IOException with the reasons C tor gave when it could not be built
    public DrivenCircuit build(List<String> path, Duration timeout) throws IOException, InterruptedException {
        awaitKnown(path, timeout);
        DrivenCircuit circuit = new DrivenCircuit(
                this, control.extendCircuit(path), "circuit-" + tokens.incrementAndGet(), List.copyOf(path));
        adopt(circuit);
        try {
            circuit.awaitBuilt(timeout);
        } catch (IOException | InterruptedException e) {
            circuit.close();
            throw e;
        }
        return circuit;
    }

    /// Waits until the client has these relays in its consensus and their descriptors, so that it can extend to them.
    public void awaitKnown(List<String> fingerprints, Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (String fingerprint : fingerprints) {
            while (control.infoIfKnown("md/id/" + fingerprint) == null) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "the client has no descriptor of " + fingerprint + " after " + timeout.toSeconds() + " s");
                }
                Thread.sleep(100);
            }
        }
    }

    /// The control connection, for anything else; its events stay as the driver set them.
    public ControlClient control() {
        return control;
    }

    /// Gives the client its own way back: circuits of its own choice for every stream.
    @Override
    public void close() {
        commands.shutdownNow();
        try {
            control.ask("SETCONF __LeaveStreamsUnattached=0 __DisablePredictedCircuits=0");
        } catch (IOException clientIsGone) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            control.close();
        }
    }

    InetSocketAddress socksPort() {
        return socksPort;
    }

    void closed(DrivenCircuit circuit) {
        byToken.remove(circuit.token());
        byId.remove(circuit.id());
        byStream.values().removeIf(circuit::equals);
        try {
            control.closeCircuit(circuit.id());
        } catch (IOException clientIsGone) {
            byToken.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void adopt(DrivenCircuit circuit) {
        synchronized (lastCircuitEvent) {
            byToken.put(circuit.token(), circuit);
            byId.put(circuit.id(), circuit);
            String missed = lastCircuitEvent.remove(circuit.id());
            if (missed != null) {
                circuit.onEvent(missed);
            }
        }
    }

    // Runs on the control connection's reading thread: commands go through the executor, or they would wait for
    // answers that this very thread reads.
    private void onEvent(String event) {
        String id = ControlClient.word(event, 1);
        String status = ControlClient.word(event, 2);
        if (event.startsWith("CIRC ")) {
            synchronized (lastCircuitEvent) {
                DrivenCircuit circuit = byId.get(id);
                if (circuit != null) {
                    circuit.onEvent(event);
                } else {
                    lastCircuitEvent.put(id, event);
                }
            }
        } else if (event.startsWith("STREAM ")) {
            onStream(id, status, event);
        }
    }

    private void onStream(String id, String status, String event) {
        switch (status) {
            case "NEW", "NEWRESOLVE" -> {
                if (StreamEnd.field(event, "PURPOSE").startsWith("DIR_")) {
                    // C tor attaches its own directory fetches whatever we asked for; ours too would break them.
                    return;
                }
                String user = StreamEnd.field(event, "SOCKS_USERNAME");
                int hopAt = user.indexOf(DrivenCircuit.HOP);
                DrivenCircuit circuit = byToken.get(hopAt < 0 ? user : user.substring(0, hopAt));
                if (circuit == null) {
                    attach(id, "0");
                } else {
                    byStream.put(id, circuit);
                    attach(id, circuit.id() + (hopAt < 0 ? "" : user.substring(hopAt)));
                }
            }
            case "DETACHED" -> {
                // C tor would try another circuit; a test wants to know what this exit said.
                DrivenCircuit circuit = byStream.remove(id);
                if (circuit == null) {
                    attach(id, "0");
                } else {
                    circuit.onStreamEnd(StreamEnd.of(event));
                    command(() -> control.closeStream(id, REASON_MISC));
                }
            }
            case "FAILED", "CLOSED" -> {
                DrivenCircuit circuit = byStream.remove(id);
                if (circuit != null) {
                    circuit.onStreamEnd(StreamEnd.of(event));
                }
            }
            default -> {
                // SENTCONNECT, SUCCEEDED, REMAP and the like: on its way.
            }
        }
    }

    private void attach(String stream, String circuit) {
        command(() -> {
            if (!control.ask("ATTACHSTREAM " + stream + " " + circuit).isGood()) {
                control.closeStream(stream, REASON_MISC);
            }
        });
    }

    private void command(Command command) {
        if (commands.isShutdown()) {
            return;
        }
        commands.execute(() -> {
            try {
                command.run();
            } catch (IOException clientIsGone) {
                byStream.clear();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @FunctionalInterface
    private interface Command {
        void run() throws IOException, InterruptedException;
    }
}
