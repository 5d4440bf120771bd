package sallyport.lab.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamEndTest {
    @Test
    void readsTheReasonOfTheExit() {
        assertThat(StreamEnd.of("STREAM 9 DETACHED 4 127.0.0.1:1 REASON=END REMOTE_REASON=CONNECTREFUSED"))
                .isEqualTo(new StreamEnd("DETACHED", "END", "CONNECTREFUSED"));
    }

    @Test
    void aFieldMayBeQuotedLastOrAbsent() {
        String event =
                "STREAM 12 NEW 0 example.org:80 SOURCE_ADDR=127.0.0.1:5 SOCKS_USERNAME=\"circuit-1\" PURPOSE=USER";
        assertThat(StreamEnd.field(event, "SOCKS_USERNAME")).isEqualTo("circuit-1");
        assertThat(StreamEnd.field(event, "PURPOSE")).isEqualTo("USER");
        assertThat(StreamEnd.field(event, "REASON")).isEmpty();
    }

    /// REASON is also the end of REMOTE_REASON: a careless search would find the wrong one.
    @Test
    void oneFieldIsNotTakenForAnother() {
        assertThat(StreamEnd.field("STREAM 1 CLOSED 1 a:1 REMOTE_REASON=DONE", "REASON"))
                .isEmpty();
    }
}
