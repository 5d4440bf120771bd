package sallyport.engine.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A header read one byte aside is another message to another stream. Cells are those of C tor's test_cell_formats.c.
class RelayCellFormatTest {
    private static final String TAG = "00000000000000000000000000000000";
    private static final String HELLO = "68656c6c6f20776f726c64";
    private static final int STREAM = 0x250;

    private final CellPool pool = new CellPool();
    private final Cell cell = pool.acquire();

    @AfterEach
    void release() {
        cell.release();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void dataInBothFormats() {
        assertMessage(
                RelayCellV0.FORMAT, "02" + "0000" + "0250" + "00000000" + "000B" + HELLO, RelayCommand.DATA, STREAM);
        assertMessage(RelayCellV1.FORMAT, TAG + "02" + "000B" + "0250" + HELLO, RelayCommand.DATA, STREAM);
    }

    @Test
    void sendmeInBothFormats() {
        assertMessage(RelayCellV0.FORMAT, "05" + "0000" + "0000" + "00000000" + "000B" + HELLO, RelayCommand.SENDME, 0);
        assertMessage(RelayCellV1.FORMAT, TAG + "05" + "000B" + HELLO, RelayCommand.SENDME, 0);
    }

    /// The longest message and one byte more, for each place where data can start.
    @ParameterizedTest
    @CsvSource({
        "0, 020000025000000000, 1F2, 498, 11",
        "1, 0000000000000000000000000000000005, 1EA, 490, 19",
        "1, 0000000000000000000000000000000002, 1E8, 488, 21",
    })
    void lengthEndsWithTheCell(int version, String before, String length, int expected, int dataAt) {
        RelayCellFormat format = version == 0 ? RelayCellV0.FORMAT : RelayCellV1.FORMAT;
        fill(before + "0" + length + "0250");
        assertThat(format.isReadable(cell)).isTrue();
        assertThat(format.length(cell)).isEqualTo(expected).isEqualTo(format.dataMax(format.command(cell)));
        assertThat(format.dataAt(format.command(cell))).isEqualTo(dataAt);
        fill(before + "0" + Integer.toHexString(expected + 1) + "0250");
        assertThat(format.isReadable(cell)).isFalse();
        fill(before + "ffff");
        assertThat(format.isReadable(cell)).isFalse();
    }

    /// In version 0 an unknown command is the table of commands' affair, and dropped; in version 1 it is an error.
    @Test
    void unknownCommands() {
        fill("F0" + "0000" + "0250" + "00000000" + "000C");
        assertThat(RelayCellV0.FORMAT.isReadable(cell)).isTrue();
        fill(TAG + "F0" + "000C" + "0250");
        assertThat(RelayCellV1.FORMAT.isReadable(cell)).isFalse();
        int known = 0;
        for (int command = 0; command < 256; command++) {
            fill(TAG + HexFormat.of().toHexDigits((byte) command) + "0000");
            known += RelayCellV1.FORMAT.isReadable(cell) ? 1 : 0;
        }
        assertThat(known).isEqualTo(32);
    }

    /// C tor reads it, and lets the table of commands decide.
    @Test
    void versionOneReadsAStreamMessageWithoutAStream() {
        fill(TAG + "02" + "0001" + "0000" + "55");
        assertThat(RelayCellV1.FORMAT.isReadable(cell)).isTrue();
        assertThat(RelayCellV1.FORMAT.streamId(cell)).isZero();
    }

    @Test
    void versionOneCannotSayWhatItHasNoFieldFor() {
        assertThatThrownBy(() -> RelayCellV1.FORMAT.header(cell, RelayCommand.DATA, 0, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> RelayCellV1.FORMAT.header(cell, RelayCommand.SENDME, 5, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsWrittenIsReadWhateverWasThere() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            RelayCellFormat format = random.nextBoolean() ? RelayCellV0.FORMAT : RelayCellV1.FORMAT;
            random.nextBytes(cell.array());
            int command = random.nextInt(45);
            if (!RelayCommand.isKnown(command)) {
                continue;
            }
            boolean ofStream = format.dataAt(command) != 19;
            int streamId = ofStream ? 1 + random.nextInt(0xffff) : 0;
            int length = random.nextInt(format.dataMax(command) + 1);
            format.header(cell, command, streamId, length);
            assertThat(format.isReadable(cell)).isTrue();
            assertThat(format.command(cell)).isEqualTo(command);
            assertThat(format.streamId(cell)).isEqualTo(streamId);
            assertThat(format.length(cell)).isEqualTo(length);
        }
    }

    private void assertMessage(RelayCellFormat format, String hex, int command, int streamId) {
        fill(hex);
        assertThat(format.isReadable(cell)).isTrue();
        assertThat(format.command(cell)).isEqualTo(command);
        assertThat(format.streamId(cell)).isEqualTo(streamId);
        assertThat(format.length(cell)).isEqualTo(11);
        int at = Cell.BODY + format.dataAt(command);
        assertThat(new String(cell.array(), at, 11, StandardCharsets.US_ASCII)).isEqualTo("hello world");

        byte[] expected = cell.array().clone();
        Arrays.fill(cell.array(), Cell.BODY, at, (byte) 0);
        format.header(cell, command, streamId, 11);
        assertThat(cell.array()).isEqualTo(expected);
    }

    private void fill(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        cell.zeroFrom(0);
        cell.putBytes(0, bytes, 0, bytes.length);
    }
}
