package sallyport.engine.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// A client and a service that meet at a relay and then send each other cells of one sequence each way, under windows
/// of their own. A cell that the join loses, changes or has overtake another fails the seed.
final class SimRendezvous implements SimUse {
    private static final long SECOND = 1_000_000_000L;
    private static final long PUMP_NANOS = SECOND / 20;
    private static final int COOKIE_LENGTH = 20;
    private static final int ANSWER_LENGTH = 64;
    private static final int KEYS_LENGTH = 72;
    private static final int STREAM = 1;
    private static final int WINDOW_CELLS = 1000;

    private final Scenario scenario;
    private final byte[] cookie;
    private final byte[] answer;
    private final byte[] keys;
    private final Side client;
    private final Side service;
    private boolean waited;

    /// @param clientPath and
    /// @param servicePath end at the same relay
    SimRendezvous(
            Scenario scenario,
            int number,
            SimClient clientEnd,
            List<SimRelay> clientPath,
            SimClient serviceEnd,
            List<SimRelay> servicePath) {
        this.scenario = scenario;
        this.cookie = scenario.random(COOKIE_LENGTH);
        this.answer = scenario.random(ANSWER_LENGTH);
        this.keys = scenario.random(KEYS_LENGTH);
        this.client = new Side(number, clientEnd, clientPath);
        this.service = new Side(number + 1, serviceEnd, servicePath);
    }

    void start() {
        for (Side side : List.of(client, service)) {
            scenario.later(SECOND + scenario.below(5 * SECOND), () -> side.end.whenOpen(() -> side.circuit.build()));
        }
    }

    @Override
    public boolean needs(SimClient end) {
        return (client.end == end && !client.circuit.isEnded()) || (service.end == end && !service.circuit.isEnded());
    }

    /// As soon as the client waits and the service's circuit stands. The service sends at once: its cells follow
    /// RENDEZVOUS1.
    private void meet() {
        if (!waited || !client.circuit.isOpen() || !service.circuit.isOpen() || service.joined) {
            return;
        }
        byte[] body = new Writer().bytes(cookie).bytes(answer).toBytes();
        service.circuit.send(service.circuit.length() - 1, RelayCommand.RENDEZVOUS1, 0, body);
        service.join(swapped(keys));
        if (scenario.chance(4)) {
            Side hasty = scenario.chance(2) ? client : service;
            scenario.later(scenario.below(10 * SECOND), () -> hasty.circuit.destroy(DestroyReason.FINISHED));
        }
    }

    /// Df | Db | Kf | Kb as the other end sees them.
    private static byte[] swapped(byte[] keys) {
        return new Writer()
                .bytes(keys, 20, 20)
                .bytes(keys, 0, 20)
                .bytes(keys, 56, 16)
                .bytes(keys, 40, 16)
                .toBytes();
    }

    private void considerEnd() {
        if (client.isDone() && service.isDone()) {
            scenario.count("rendezvous: all sent both ways");
            Side first = scenario.chance(2) ? client : service;
            scenario.later(scenario.below(3 * SECOND), () -> first.circuit.destroy(DestroyReason.FINISHED));
        }
    }

    @Override
    public String toString() {
        return "rendezvous of " + client + " with " + service;
    }

    /// One of both: its circuit, and what it has yet to send and to get.
    private final class Side implements SimCircuit.Owner {
        private final SimClient end;
        private final List<SimRelay> path;
        private final SimCircuit circuit;
        private final int cells = scenario.below(scenario.climate().calm() ? 3000 : 400);
        private boolean joined;
        private int hop;
        private int sent;
        private int received;

        Side(int number, SimClient end, List<SimRelay> path) {
            this.end = end;
            this.path = path;
            this.circuit = new SimCircuit(scenario, end, number, path, this);
        }

        private Side other() {
            return this == client ? service : client;
        }

        boolean isDone() {
            return joined && sent == cells && received == other().cells;
        }

        @Override
        public void onBuilt(SimCircuit built) {
            if (this == client) {
                built.send(built.length() - 1, RelayCommand.ESTABLISH_RENDEZVOUS, 0, cookie);
            } else {
                meet();
            }
        }

        @Override
        public void onTruncated(SimCircuit shorter) {
            throw new AssertionError("nobody cut it");
        }

        @Override
        public void onEnded(SimCircuit ended) {
            SimCircuit left = other().circuit;
            left.excuse("its partner's circuit has ended");
            // It may have ended before both met; then nobody tells the other.
            scenario.later(60 * SECOND, () -> left.destroy(DestroyReason.FINISHED));
            scenario.onCircuitEnded();
        }

        @Override
        public boolean mayEnd(int reason) {
            return scenario.mayEnd(other().end, other().path, reason);
        }

        @Override
        public boolean onMessage(int from, int command, int streamId, byte[] body) {
            if (joined && from == hop) {
                return command != RelayCommand.SENDME && onCell(command, body);
            }
            if (this == client && command == RelayCommand.RENDEZVOUS_ESTABLISHED) {
                waited = true;
                meet();
                return true;
            }
            if (this == client && command == RelayCommand.RENDEZVOUS2) {
                check(Arrays.equals(body, answer), "another answer than the service's");
                join(keys);
                return true;
            }
            return false;
        }

        private void join(byte[] shared) {
            joined = true;
            hop = circuit.length();
            circuit.addHop(new SimHop(new Tor1ClientLayer(shared), 0, WINDOW_CELLS));
            pump();
        }

        private void pump() {
            if (!circuit.isOpen()) {
                return;
            }
            int batch = scenario.below(100);
            for (int i = 0; i < batch && sent < cells && circuit.hop(hop).packageCells > 0; i++) {
                byte[] body = ByteBuffer.allocate(4 + scenario.below(490))
                        .putInt(sent)
                        .array();
                sent++;
                circuit.send(hop, RelayCommand.DATA, STREAM, body);
            }
            if (sent < cells) {
                scenario.later(scenario.below(PUMP_NANOS), this::pump);
            } else {
                considerEnd();
            }
        }

        private boolean onCell(int command, byte[] body) {
            check(command == RelayCommand.DATA, "a message that the other side did not send");
            check(ByteBuffer.wrap(body).getInt() == received, "a cell out of order");
            received++;
            scenario.count("rendezvous: cells");
            considerEnd();
            return true;
        }

        private void check(boolean holds, String what) {
            if (!holds) {
                scenario.world().fail(what + ", " + SimRendezvous.this);
            }
        }

        @Override
        public String toString() {
            return circuit + " sent " + sent + " of " + cells + ", got " + received;
        }
    }
}
