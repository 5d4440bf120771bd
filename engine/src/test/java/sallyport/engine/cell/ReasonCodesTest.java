package sallyport.engine.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The numbers on the wire, written out: other tests compare with the enum, which would hide two constants that
/// changed places.
class ReasonCodesTest {
    @Test
    void streamsEndWithTheNumbersOfTheSpecification() {
        assertThat(Arrays.stream(EndReason.values()).map(reason -> reason.code() + " " + reason))
                .containsExactly(
                        "1 MISC",
                        "2 RESOLVEFAILED",
                        "3 CONNECTREFUSED",
                        "4 EXITPOLICY",
                        "5 DESTROY",
                        "6 DONE",
                        "7 TIMEOUT",
                        "8 NOROUTE",
                        "9 HIBERNATING",
                        "10 INTERNAL",
                        "11 RESOURCELIMIT",
                        "12 CONNRESET",
                        "13 TORPROTOCOL",
                        "14 NOTDIRECTORY");
    }

    @Test
    void circuitsEndWithTheNumbersOfTheSpecification() {
        assertThat(Arrays.stream(DestroyReason.values()).map(reason -> reason.code() + " " + reason))
                .containsExactly(
                        "0 NONE",
                        "1 TORPROTOCOL",
                        "2 INTERNAL",
                        "3 REQUESTED",
                        "4 HIBERNATING",
                        "5 RESOURCELIMIT",
                        "6 CONNECTFAILED",
                        "7 OR_IDENTITY",
                        "8 CHANNEL_CLOSED",
                        "9 FINISHED",
                        "10 TIMEOUT",
                        "11 DESTROYED",
                        "12 NOSUCHSERVICE");
    }
}
