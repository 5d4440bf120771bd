package sallyport.engine.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;

/// A client's conflux set: circuits over several guards that end at one exit and carry its streams
/// together. Links them as C tor does, all before the first stream; sends on whatever leg it likes;
/// checks that every number comes once.
final class SimSet implements SimCarrier, SimUse {
    private static final long SECOND = 1_000_000_000L;

    private final class Leg implements SimCircuit.Owner {
        final SimClient client;
        final SimCircuit circuit;
        boolean built;
        boolean linked;
        long sent;
        long received;

        Leg(SimClient client, int number, List<SimRelay> path) {
            this.client = client;
            this.circuit = new SimCircuit(scenario, client, number, path, this);
        }

        boolean hasRoom() {
            return circuit.hasRoom(exit());
        }

        /// Legs are of different lengths: wherever streams think it is, this is the hop.
        int exit() {
            return circuit.length() - 1;
        }

        void send(int relayCommand, int streamId, byte[] body) {
            circuit.send(exit(), relayCommand, streamId, body);
        }

        @Override
        public boolean isLeg() {
            return true;
        }

        @Override
        public void onBuilt(SimCircuit whole) {
            built = true;
            considerLinking();
        }

        @Override
        public boolean onMessage(int hop, int command, int streamId, byte[] body) {
            return streamId == 0 ? onControl(this, command, body) : onNumbered(this, command, streamId, body);
        }

        @Override
        public void onWindow() {
            List.copyOf(streams.values()).forEach(SimStream::pump);
        }

        @Override
        public void onTruncated(SimCircuit shorter) {
            fail("nobody truncates legs");
        }

        @Override
        public void onEnded(SimCircuit ended) {
            lost(this);
        }

        /// The end of one leg ends the others, whatever befell it.
        @Override
        public boolean mayEnd(int reason) {
            return legs.stream().anyMatch(leg -> leg.circuit.isEnded() || leg.circuit.mayEnd(reason));
        }
    }

    private record Message(int command, int streamId, byte[] body) {}

    private final Scenario scenario;
    private final byte[] nonce;
    private final DesiredUx ux;
    private final List<Leg> legs = new ArrayList<>();
    private final List<SimStream> all = new ArrayList<>();
    private final Map<Integer, SimStream> streams = new LinkedHashMap<>();
    private final TreeMap<Long, Message> early = new TreeMap<>();
    private @Nullable Leg current;
    private long delivered;
    private int nextStreamId = 1;
    private boolean linking;
    private boolean open;
    private boolean ended;

    SimSet(Scenario scenario) {
        this.scenario = scenario;
        this.nonce = scenario.random(ConfluxLinkBody.NONCE_LENGTH);
        this.ux = DesiredUx.values()[scenario.below(DesiredUx.values().length)];
    }

    /// One leg more. Before the client begins.
    SimCircuit leg(SimClient client, int number, List<SimRelay> path) {
        Leg leg = new Leg(client, number, path);
        legs.add(leg);
        return leg.circuit;
    }

    // Linking

    private void considerLinking() {
        if (linking || !legs.stream().allMatch(leg -> leg.built)) {
            return;
        }
        linking = true;
        for (Leg leg : legs) {
            if (!leg.circuit.hasCongestionControl(leg.exit())) {
                legs.forEach(each -> each.circuit.excuse("LINK without congestion control"));
            }
            leg.send(RelayCommand.CONFLUX_LINK, 0, new ConfluxLinkBody(nonce, 0, 0, ux).encode());
        }
    }

    private boolean onControl(Leg leg, int command, byte[] body) {
        try {
            switch (command) {
                case RelayCommand.CONFLUX_LINKED -> onLinked(leg, ConfluxLinkBody.decode(body, 0, body.length));
                case RelayCommand.CONFLUX_SWITCH -> {
                    scenario.count("conflux SWITCH");
                    leg.received +=
                            ConfluxSwitchBody.decode(body, 0, body.length).relative();
                }
                default -> {
                    return false;
                }
            }
        } catch (Malformed e) {
            fail("a conflux message that cannot be read");
        }
        return true;
    }

    private void onLinked(Leg leg, ConfluxLinkBody body) {
        if (leg.linked || !java.util.Arrays.equals(body.nonce(), nonce) || body.lastSent() != 0) {
            fail("LINKED out of place");
        }
        leg.linked = true;
        leg.send(RelayCommand.CONFLUX_LINKED_ACK, 0, new byte[0]);
        if (!open && legs.stream().allMatch(each -> each.linked)) {
            open = true;
            scenario.count("conflux sets");
            begin();
        }
    }

    private void begin() {
        int count = 1 + scenario.below(6);
        for (int i = 0; i < count; i++) {
            SimStream stream = scenario.stream(this, legs.getFirst().exit());
            all.add(stream);
            scenario.later(scenario.below(2 * SECOND), () -> {
                if (ended) {
                    stream.onGone("never begun");
                } else {
                    stream.begin();
                }
            });
        }
        if (scenario.chance(3)) {
            scenario.later(scenario.below(4 * SECOND), this::dropAnIdleLeg);
        }
        if (scenario.chance(8)) {
            scenario.later(
                    scenario.below(10 * SECOND), () -> legs.getFirst().circuit.destroy(DestroyReason.FINISHED));
        }
        scenario.later(3 * SECOND, this::considerEnd);
    }

    // Using

    @Override
    public int add(SimStream stream) {
        int id = nextStreamId++;
        streams.put(id, stream);
        return id;
    }

    @Override
    public void forget(int streamId) {
        streams.remove(streamId);
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean hasRoom(int hop) {
        return legs.stream().anyMatch(Leg::hasRoom);
    }

    @Override
    public boolean hasCongestionControl(int hop) {
        return true;
    }

    @Override
    public void send(int hop, int relayCommand, int streamId, byte[] body) {
        if (ended) {
            return;
        }
        Leg before = current == null ? legs.get(scenario.below(legs.size())) : current;
        Leg leg = choose(before, relayCommand);
        if (leg != before) {
            byte[] relative = new ConfluxSwitchBody(before.sent - leg.sent).encode();
            leg.send(RelayCommand.CONFLUX_SWITCH, 0, relative);
            leg.sent = before.sent;
        }
        current = leg;
        leg.sent++;
        leg.send(relayCommand, streamId, body);
    }

    private Leg choose(Leg before, int relayCommand) {
        boolean bound = relayCommand == RelayCommand.DATA;
        Leg any = legs.get(scenario.below(legs.size()));
        if (scenario.chance(5) && (!bound || any.hasRoom())) {
            return any;
        }
        if (!bound || before.hasRoom()) {
            return before;
        }
        return legs.stream().filter(Leg::hasRoom).findFirst().orElseThrow();
    }

    private boolean onNumbered(Leg leg, int command, int streamId, byte[] body) {
        long number = ++leg.received;
        if (number <= delivered || early.put(number, new Message(command, streamId, body)) != null) {
            fail("number " + number + " twice");
        }
        if (number > delivered + 1) {
            scenario.count("conflux messages out of order");
        }
        for (Message next = early.remove(delivered + 1); next != null; next = early.remove(delivered + 1)) {
            delivered++;
            SimStream stream = streams.get(next.streamId());
            if (stream != null) {
                stream.onMessage(next.command(), next.body());
            }
        }
        return true;
    }

    // Ending

    /// The set goes on, unless the exit was just about to use that leg.
    private void dropAnIdleLeg() {
        if (ended || legs.size() < 2) {
            return;
        }
        Leg idle = legs.stream()
                .filter(leg -> leg.sent == 0 && leg.received == 0)
                .findFirst()
                .orElse(null);
        if (idle != null) {
            scenario.count("conflux legs dropped idle");
            legs.forEach(leg -> leg.circuit.excuse("a leg was dropped"));
            legs.remove(idle);
            idle.circuit.destroy(DestroyReason.FINISHED);
        }
    }

    /// Whoever loses a leg that is in use loses the set; one that was dropped on purpose is in it no more.
    private void lost(Leg leg) {
        if (legs.contains(leg) && !ended) {
            ended = true;
            List<Leg> others = List.copyOf(legs);
            others.forEach(other -> other.circuit.excuse("another leg was lost"));
            scenario.later(
                    scenario.below(SECOND),
                    () -> others.forEach(other -> other.circuit.destroy(DestroyReason.FINISHED)));
            streams.clear();
            early.clear();
            all.forEach(stream -> stream.onGone("its set has ended"));
        }
        scenario.onCircuitEnded();
    }

    @Override
    public void onStreamOver() {
        considerEnd();
    }

    private void considerEnd() {
        if (open && !ended && !all.isEmpty() && all.stream().allMatch(SimStream::isOver)) {
            legs.forEach(leg -> leg.circuit.excuse("the set is not needed any more"));
            legs.getFirst().circuit.destroy(DestroyReason.FINISHED);
        }
    }

    @Override
    public boolean needs(SimClient client) {
        return legs.stream().anyMatch(leg -> leg.client == client && !leg.circuit.isEnded());
    }

    private void fail(String what) {
        scenario.world().fail("conflux set: " + what);
    }

    @Override
    public String toString() {
        return "set " + ux + " " + legs.stream().map(leg -> leg.circuit).toList() + " " + all;
    }
}
