package sallyport.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A reader of the table that understood less than it says would open walls without anybody noticing.
class AllowedUseTest {
    private static String page(String... rows) {
        return """
                | Floor | Room | What lives there |
                |---|---|---|
                | Ground | `cell` | not this table |

                | Room | May use (besides `bytes` and `address`, which all may) |
                |---|---|
                | `bytes`, `address`, `cell` | - |
                %s

                | `after` | the table has ended |
                """.formatted(String.join("\n", rows));
    }

    @Test
    void aRoomMayUseItsRowItselfAndTheCommonRooms() {
        AllowedUse table = AllowedUse.parse(page("| `flow` † | cell |", "| `roof` | all of the above |"));

        assertThat(table.usesOf()).containsOnlyKeys("bytes", "address", "cell", "flow", "roof");
        assertThat(table.usesOf().get("flow")).containsExactly("address", "bytes", "cell");
        assertThat(table.usesOf().get("roof")).containsExactly("address", "bytes", "cell", "flow");
        assertThat(table.allows("flow", "flow")).isTrue();
        assertThat(table.allows("cell", "flow")).isFalse();
        assertThat(table.allows("bytes", "address")).isFalse();
        assertThat(table.allows("unknown", "cell")).isFalse();
        assertThat(table.cycle()).isEmpty();
    }

    @Test
    void aCycleIsFoundAndNamed() {
        AllowedUse table =
                AllowedUse.parse(page("| `link` | stream |", "| `stream` | circuit |", "| `circuit` | link |"));

        assertThat(table.cycle()).contains(List.of("circuit", "link", "stream"));
    }

    @Test
    void aWrongRowIsRefused() {
        refuses("| `flow` | cells |", "without a row");
        refuses("| `flow` | cell, flow |", "without a row");
        refuses("| flow | cell |", "not a room");
        refuses("| `flow` | cell | more |", "not a row");
        refuses("| `cell` | - |", "two rows");
        assertThatIllegalArgumentException().isThrownBy(() -> AllowedUse.parse("no table at all"));
    }

    private static void refuses(String row, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowedUse.parse(page(row)))
                .withMessageContaining(why);
    }
}
