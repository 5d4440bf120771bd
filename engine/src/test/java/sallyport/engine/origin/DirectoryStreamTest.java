package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.world.SeededEntropy;

/// The stream alone, before a server that is this test.
class DirectoryStreamTest {
    private static final int DONE = 6;

    private final CellPool pool = new CellPool();
    private final List<String> sent = new ArrayList<>();
    private final byte[] request = new byte[1000];
    private final DirectoryStream stream = new DirectoryStream(new SeededEntropy(1), request, 2_000_000);
    private int streamId;

    private final CircuitSender circuit = new CircuitSender() {
        @Override
        public void send(int relayCommand, int id, byte[] data, int offset, int length) {
            if (relayCommand == RelayCommand.BEGIN_DIR) {
                streamId = id;
            }
            String what = relayCommand == RelayCommand.SENDME && id == 0
                    ? " " + Hex.lower(Arrays.copyOfRange(data, offset, offset + length))
                    : " " + length;
            sent.add(relayCommand + (id == 0 ? " circuit" : " stream") + what);
        }

        @Override
        public void end() {
            sent.add("end");
        }
    };

    /// Without these SENDMEs a server falls silent after 500 cells; with a wrong tag it closes the circuit.
    @Test
    void aLongAnswerIsAcknowledgedCellByCell() throws Exception {
        start();
        assertThat(sent).containsExactly("13 stream 0", "2 stream 498", "2 stream 498", "2 stream 4");
        sent.clear();
        byte[] data = new byte[RelayCell.DATA_MAX];
        for (int i = 1; i <= 2_000; i++) {
            message(RelayCommand.DATA, streamId, data, tag(i));
        }
        List<String> circuitSendmes =
                sent.stream().filter(it -> it.startsWith("5 circuit")).toList();
        assertThat(circuitSendmes)
                .isEqualTo(IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> "5 circuit 010014" + Hex.lower(tag(100 * i)))
                        .toList());
        assertThat(sent).filteredOn("5 stream 0"::equals).hasSize(40);
        message(RelayCommand.END, streamId, new byte[] {DONE}, tag(0));
        assertThat(stream.answer().get()).hasSize(2_000 * RelayCell.DATA_MAX);
        assertThat(sent).last().isEqualTo("end");
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void anyOtherEndIsAFailure() throws Exception {
        start();
        message(RelayCommand.END, streamId, new byte[] {1}, tag(0));
        assertThat(stream.answer()).isCompletedExceptionally();
    }

    @Test
    void anEndOfTheCircuitIsAFailure() {
        stream.start(circuit);
        stream.ended();
        assertThat(stream.answer()).isCompletedExceptionally();
    }

    @Test
    void whatNobodyAskedForEndsIt() throws Exception {
        DirectoryStream greedy = new DirectoryStream(new SeededEntropy(1), request, 10);
        greedy.start(circuit);
        assertRefused(greedy, RelayCommand.DATA, streamId, 1);
        deliver(greedy, RelayCommand.CONNECTED, streamId, 0);
        assertRefused(greedy, RelayCommand.CONNECTED, streamId, 0);
        assertRefused(greedy, RelayCommand.DATA, streamId, 11);
        assertRefused(greedy, RelayCommand.DATA, streamId ^ 1, 1);
        assertRefused(greedy, RelayCommand.BEGIN, streamId, 1);
    }

    private void start() throws Malformed {
        stream.start(circuit);
        message(RelayCommand.CONNECTED, streamId, new byte[0], tag(0));
    }

    private void assertRefused(DirectoryStream to, int command, int id, int length) {
        assertThatThrownBy(() -> deliver(to, command, id, length)).isInstanceOf(Malformed.class);
    }

    private void deliver(DirectoryStream to, int command, int id, int length) throws Malformed {
        Cell cell = cell(command, id, new byte[length]);
        try {
            to.message(cell, tag(0));
        } finally {
            cell.release();
        }
    }

    private void message(int command, int id, byte[] data, byte[] tag) throws Malformed {
        Cell cell = cell(command, id, data);
        stream.message(cell, tag);
        cell.release();
    }

    private Cell cell(int command, int id, byte[] data) {
        Cell cell = pool.acquire();
        RelayCell.header(cell, command, id, data.length);
        cell.putBytes(RelayCell.DATA, data, 0, data.length);
        return cell;
    }

    private static byte[] tag(int number) {
        byte[] tag = new byte[20];
        tag[0] = (byte) number;
        tag[1] = (byte) (number >> 8);
        return tag;
    }
}
