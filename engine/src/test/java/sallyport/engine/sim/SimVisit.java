package sallyport.engine.sim;

import java.util.ArrayList;
import java.util.List;
import sallyport.engine.cell.DestroyReason;

/// What a client does with one circuit, from its building to its end.
final class SimVisit implements SimCircuit.Owner, SimUse {
    private static final long SECOND = 1_000_000_000L;

    /// What happens to the circuit beside its streams.
    private enum Whim {
        NONE,
        DESTROY,
        TRUNCATE,
        JUNK
    }

    private final Scenario scenario;
    private final SimClient client;
    private final SimCircuit circuit;
    private final List<SimRelay> spare;
    private final List<SimStream> streams = new ArrayList<>();
    private final Whim whim;
    private boolean builtOnce;
    private boolean ending;

    SimVisit(Scenario scenario, SimClient client, int number, List<SimRelay> path, List<SimRelay> spare) {
        this.scenario = scenario;
        this.client = client;
        this.spare = spare;
        int drawn = scenario.below(10);
        boolean rude = !scenario.climate().calm();
        this.whim = switch (drawn) {
            case 0, 1 -> Whim.DESTROY;
            case 2, 3 -> Whim.TRUNCATE;
            case 4 -> rude ? Whim.JUNK : Whim.NONE;
            default -> Whim.NONE;
        };
        this.circuit = new SimCircuit(scenario, client, number, path, this);
        if (whim == Whim.DESTROY && scenario.chance(3)) {
            // Perhaps before it is built.
            scenario.later(scenario.below(2 * SECOND), () -> circuit.destroy(DestroyReason.FINISHED));
        }
    }

    @Override
    public boolean needs(SimClient who) {
        return client == who && !circuit.isEnded();
    }

    SimCircuit circuit() {
        return circuit;
    }

    @Override
    public void onBuilt(SimCircuit built) {
        int count = builtOnce ? 1 : scenario.below(6);
        for (int i = 0; i < count; i++) {
            int hop = scenario.chance(12) ? scenario.below(built.length()) : built.length() - 1;
            SimStream stream = scenario.stream(circuit, hop);
            streams.add(stream);
            scenario.later(scenario.below(2 * SECOND), () -> begin(stream));
        }
        if (!builtOnce) {
            builtOnce = true;
            scenario.later(scenario.below(5 * SECOND), this::follow);
        }
        scenario.later(3 * SECOND, this::considerEnd);
    }

    private void begin(SimStream stream) {
        if (circuit.isOpen() && circuit.length() > stream.hop()) {
            stream.begin();
            if (scenario.chance(6)) {
                scenario.later(scenario.below(5 * SECOND), () -> {
                    if (circuit.isOpen()) {
                        stream.abandon();
                    }
                });
            }
        } else {
            stream.onGone("never begun");
        }
    }

    private void follow() {
        if (!circuit.isOpen()) {
            return;
        }
        switch (whim) {
            case NONE -> {}
            case DESTROY -> circuit.destroy(DestroyReason.FINISHED);
            case TRUNCATE -> circuit.truncate(scenario.below(circuit.length()));
            case JUNK -> circuit.sendJunk();
        }
    }

    @Override
    public void onTruncated(SimCircuit shorter) {
        if (spare.isEmpty() || scenario.chance(2)) {
            considerEnd();
        } else {
            shorter.extendTo(spare.getFirst());
        }
    }

    @Override
    public void onEnded(SimCircuit ended) {
        streams.forEach(stream -> stream.onGone("its circuit has ended"));
        scenario.onCircuitEnded();
    }

    /// A circuit whose streams have come to their end is not needed any more.
    @Override
    public void onStreamOver() {
        considerEnd();
    }

    private void considerEnd() {
        if (!ending && circuit.isOpen() && builtOnce && streams.stream().allMatch(SimStream::isOver)) {
            ending = true;
            scenario.later(scenario.below(3 * SECOND), () -> {
                ending = false;
                if (streams.stream().allMatch(SimStream::isOver)) {
                    circuit.destroy(DestroyReason.FINISHED);
                }
            });
        }
    }

    @Override
    public String toString() {
        return whim + " " + circuit + " " + streams;
    }
}
