package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Log;

/// Which state may follow which.
class LifeTest implements ClosedWorld {
    private static final Instant UNTIL = Instant.parse("2026-11-22T12:00:00Z");
    private static final Map<String, InstanceState> STATES = new LinkedHashMap<>();

    static {
        for (InstanceState state : List.of(
                new InstanceState.Starting(),
                new InstanceState.Bootstrapping(),
                new InstanceState.SelfTesting(),
                new InstanceState.Published(),
                new InstanceState.Hibernating(true, UNTIL),
                new InstanceState.Draining(UNTIL),
                new InstanceState.Stopped(),
                new InstanceState.Failed("no key"),
                new InstanceState.Quarantined("too much"))) {
            STATES.put(state.word(), state);
        }
    }

    private final List<String> lines = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    @ParameterizedTest
    @CsvSource(delimiter = ':', textBlock = """
            starting      : bootstrapping hibernating stopped failed quarantined
            bootstrapping : self-testing published hibernating draining stopped failed quarantined
            self-testing  : published hibernating draining stopped failed quarantined
            published     : hibernating draining stopped failed quarantined
            hibernating   : bootstrapping hibernating draining stopped failed quarantined
            draining      : bootstrapping draining stopped failed quarantined
            stopped       :
            failed        :
            quarantined   :
            """)
    void onlyTheseFollow(String before, String after) {
        String followers = STATES.keySet().stream()
                .filter(next -> in(before).become(STATES.get(next)))
                .collect(Collectors.joining(" "));
        assertThat(followers).isEqualTo(after == null ? "" : after);
        assertThat(STATES.get(before).isOver()).isEqualTo(after == null);
    }

    @Test
    void eachChangeIsALineAndHasItsTime() {
        Life life = new Life(this, "r1");
        now = Instant.ofEpochSecond(7);
        life.become(new InstanceState.Bootstrapping());
        life.become(new InstanceState.Draining(UNTIL));
        assertThat(life.now().begin()).isEqualTo(now);
        now = Instant.ofEpochSecond(8);
        assertThat(life.become(new InstanceState.Published())).isFalse();
        life.become(new InstanceState.Quarantined("too much"));
        assertThat(life.now().begin()).isEqualTo(now);
        assertThat(lines)
                .containsExactly(
                        "INFO r1 state: bootstrapping, was starting",
                        "INFO r1 state: draining, until 2026-11-22T12:00:00Z at the latest, was bootstrapping",
                        "ERROR r1 state: quarantined: too much, was draining");
    }

    private Life in(String state) {
        Life life = new Life(this, "r1");
        switch (state) {
            case "starting" -> {}
            case "self-testing", "published", "draining" -> {
                life.become(new InstanceState.Bootstrapping());
                life.become(STATES.get(state));
            }
            default -> life.become(STATES.get(state));
        }
        assertThat(life.state().word()).isEqualTo(state);
        return life;
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public Log log() {
        return (level, relay, text) -> lines.add(level + " " + relay + " " + text);
    }
}
