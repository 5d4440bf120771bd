package sallyport.supervisor.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.instance.InstanceState;
import sallyport.supervisor.screen.Fields;

/// What each request is answered.
@Timeout(120)
class ControlVerbsTest {
    private final FakeRelays relays = new FakeRelays();
    private final List<String> lines = new ArrayList<>();
    private long nanos;
    private final ControlVerbs verbs = new ControlVerbs(
            new ControlVerbs.ProcessFacts("1.2.3", 42, "fleet.conf", true),
            relays,
            InstantSource.fixed(FakeRelays.NOW),
            () -> nanos,
            (level, relay, text) -> lines.add(level + " " + relay + " " + text));

    @BeforeEach
    void twoRelays() {
        relays.put("one", new InstanceState.Published(), 1_000, "Exit", "Running");
        relays.put("two", new InstanceState.Draining(FakeRelays.NOW), 0, "BadExit", "Running");
    }

    @Test
    void statusSaysWhatWeBelieveAndWhatTheConsensusSays() throws Exception {
        Fields answer = ask("{\"schema\": 1, \"verb\": \"status\"}");
        assertThat(answer.number("schema")).isEqualTo(1);
        assertThat(answer.text("outcome")).isEqualTo("findings");
        assertThat(answer.in("process").number("pid")).isEqualTo(42);
        Fields one = answer.all("relays").getFirst();
        assertThat(one.text("state")).isEqualTo("published");
        assertThat(one.number("uptime_seconds")).isEqualTo(3 * 3600);
        assertThat(one.in("load").number("circuits")).isEqualTo(7);
        assertThat(one.in("load").has("read_bytes_per_second")).isFalse();
        assertThat(one.in("consensus").texts("flags")).containsExactlyInAnyOrder("Exit", "Running");
        Fields two = answer.all("relays").getLast();
        assertThat(two.text("until")).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(two.texts("findings")).containsExactly("the consensus says BadExit");
    }

    /// A rate is what was carried from one look to the next; a relay that was started anew has none yet.
    @Test
    void ratesComeWithTheSecondLook() throws Exception {
        ask("{\"schema\": 1, \"verb\": \"status\"}");
        nanos = 2_000_000_000;
        relays.put("one", new InstanceState.Published(), 5_000, "Exit");
        Fields load = ask("{\"schema\": 1, \"verb\": \"status\"}")
                .all("relays")
                .getFirst()
                .in("load");
        assertThat(load.number("read_bytes_per_second")).isEqualTo(2_000);
        assertThat(load.number("written_bytes_per_second")).isEqualTo(4_000);
        nanos += 10;
        assertThat(ask("{\"schema\": 1, \"verb\": \"status\"}")
                        .all("relays")
                        .getFirst()
                        .in("load")
                        .number("read_bytes_per_second"))
                .as("an instant later")
                .isEqualTo(2_000);
        nanos += 2_000_000_000;
        relays.put("one", new InstanceState.Published(), 10, "Exit");
        assertThat(ask("{\"schema\": 1, \"verb\": \"status\"}")
                        .all("relays")
                        .getFirst()
                        .in("load")
                        .has("read_bytes_per_second"))
                .as("started anew")
                .isFalse();
    }

    @Test
    void aRelayIsShownInFull() throws Exception {
        Fields relay = ask("{\"schema\": 1, \"verb\": \"relay\", \"relays\": [\"two\"]}")
                .all("relays")
                .getFirst();
        assertThat(relay.text("id")).isEqualTo("two");
        assertThat(relay.in("faults_of_peers").number("bad cell")).isEqualTo(3);
        assertThat(relay.in("tallies").number("stream_begin")).isEqualTo(4);
    }

    @Test
    void relaysAreMovedEachOnce() throws Exception {
        assertThat(ask("{\"schema\": 1, \"verb\": \"drain\", \"relays\": [\"two\", \"one\", \"two\"],"
                                + " \"limit_seconds\": 60}")
                        .text("outcome"))
                .isEqualTo("ok");
        ask("{\"schema\": 1, \"verb\": \"drain\", \"relays\": [\"one\"]}");
        ask("{\"schema\": 1, \"verb\": \"stop\", \"relays\": [\"one\"]}");
        ask("{\"schema\": 1, \"verb\": \"start\", \"relays\": [\"one\"]}");
        assertThat(relays.asked)
                .containsExactly("drain two 60", "drain one 60", "drain one 600", "stop one", "start one");
        assertThat(lines).contains("INFO two asked by the operator: drains, 60 s at most");
    }

    @Test
    void theLogHoldsMoreForAWhile() throws Exception {
        assertThat(ask("{\"schema\": 1, \"verb\": \"log\", \"level\": \"debug\", \"for_seconds\": 60}")
                        .text("done"))
                .isEqualTo("the log holds debug and above for 60 s");
        ask("{\"schema\": 1, \"verb\": \"log\", \"level\": \"error\"}");
        assertThat(relays.asked).containsExactly("log DEBUG 60", "log ERROR 600");
    }

    @Test
    void aStateIsTakenOverAsWished() throws Exception {
        assertThat(ask("{\"schema\": 1, \"verb\": \"apply\", \"batch\": 4, \"limit_seconds\": 0}")
                        .number("attempt"))
                .isEqualTo(1);
        ask("{\"schema\": 1, \"verb\": \"apply\"}");
        assertThat(relays.asked)
                .containsExactly(
                        "apply " + new ApplyWish(OptionalInt.of(4), Optional.of(Duration.ZERO)),
                        "apply " + ApplyWish.NOTHING);
        Fields applying = ask("{\"schema\": 1, \"verb\": \"progress\"}").in("applying");
        assertThat(applying.text("phase")).isEqualTo("halted");
        assertThat(applying.text("text")).isEqualTo("nothing to see");
        assertThat(applying.number("state")).isEqualTo(7);
    }

    @Test
    void whatCannotBeDoneIsSaidOfEach() throws Exception {
        relays.put("one-gone", new InstanceState.Published(), 0);
        Fields answer = ask("{\"schema\": 1, \"verb\": \"stop\", \"relays\": [\"one\", \"two\"]}");
        assertThat(answer.text("outcome")).isEqualTo("partial");
        assertThat(answer.all("relays").getFirst().text("outcome")).isEqualTo("refused");
        assertThat(answer.all("relays").getLast().text("outcome")).isEqualTo("ok");
        relays.put("one-gone", new InstanceState.Published(), 0);
        assertThat(ask("{\"schema\": 1, \"verb\": \"stop\", \"relays\": [\"one\"]}")
                        .text("outcome"))
                .isEqualTo("refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rubbish                                                                          | not one JSON object
            [1]                                                                              | not one JSON object
            {} {}                                                                            | not one JSON object
            {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}}}}}}}}}} | not one JSON object
            {"verb": "status"}                                                               | schema must be 1
            {"schema": 2, "verb": "status"}                                                  | schema must be 1
            {"schema": "1", "verb": "status"}                                                | schema must be 1
            {"schema": 1}                                                                    | verb must be one of
            {"schema": 1, "verb": "halt"}                                                    | verb must be one of
            {"schema": 1, "verb": "log", "level": "all"}                                     | level must be one of
            {"schema": 1, "verb": "log", "level": "info", "for_seconds": 3601}               | for_seconds must be
            {"schema": 1, "verb": "log", "level": "info", "room": "cellar"}                  | room must be one of
            {"schema": 1, "verb": "log", "level": "info", "room": 7}                         | room must be one of
            {"schema": 1, "verb": "apply", "batch": 0}                                       | batch must be
            {"schema": 1, "verb": "apply", "batch": 1001}                                    | batch must be
            {"schema": 1, "verb": "apply", "batch": "4"}                                     | batch must be
            {"schema": 1, "verb": "apply", "limit_seconds": -1}                              | limit_seconds must be
            {"schema": 1, "verb": "stop"}                                                    | relays must be a list
            {"schema": 1, "verb": "stop", "relays": []}                                      | relays must be a list
            {"schema": 1, "verb": "stop", "relays": "one"}                                   | relays must be a list
            {"schema": 1, "verb": "stop", "relays": ["three"]}                               | no relay three
            {"schema": 1, "verb": "stop", "relays": ["one", null]}                           | no relay null
            {"schema": 1, "verb": "drain", "relays": ["one"], "limit_seconds": -1}           | limit_seconds must be
            {"schema": 1, "verb": "drain", "relays": ["one"], "limit_seconds": 86401}        | limit_seconds must be
            {"schema": 1, "verb": "drain", "relays": ["one"], "limit_seconds": 1.5}          | limit_seconds must be
            {"schema": 1, "verb": "drain", "relays": ["one"], "limit_seconds": 99999999999999999999} | not one JSON object
            """)
    void badRequestsAreAnsweredAndChangeNothing(String request, String message) throws Exception {
        Fields answer = ask(request);
        assertThat(answer.number("schema")).isEqualTo(1);
        assertThat(answer.text("outcome")).isEqualTo("error");
        assertThat(answer.text("message")).contains(message);
        assertThat(relays.asked).isEmpty();
    }

    private Fields ask(String request) throws Exception {
        Map<String, @Nullable Object> answer = Json.read(verbs.answer(request));
        return new Fields(answer);
    }
}
