package sallyport.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV0;
import sallyport.engine.cell.RelayCellV1;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.world.Entropy;

/// One cell counted wrongly, or a tag of the neighbouring cell, closes every busy circuit.
class FixedWindowsTest {
    @Test
    void aSendmeIsDueWithEveryHundredthCell() throws ProtocolViolation {
        DeliverWindow window = new DeliverWindow(100);
        for (int cell = 1; cell <= 5000; cell++) {
            assertThat(window.dataArrived()).isEqualTo(cell % 100 == 0);
        }
    }

    @Test
    void theTagOfEveryHundredthCellIsAwaitedInOrder() throws ProtocolViolation {
        PackageWindow window = new FixedWindow(1000);
        for (int cell = 1; cell <= 1000; cell++) {
            assertThat(window.isOpen()).isTrue();
            send(window, cell);
        }
        assertThat(window.isOpen()).isFalse();
        for (int cell = 100; cell <= 1000; cell += 100) {
            accept(window, new SendmeBody(1, tag(cell)).encode());
        }
        assertRefused(window, new SendmeBody(1, tag(1000)).encode(), 0, "SENDME that nothing awaited");
    }

    @Test
    void aSmallStartWindowOpensAgainByItsSendmes() throws ProtocolViolation {
        PackageWindow window = new FixedWindow(100);
        for (int round = 0; round < 30; round++) {
            for (int cell = 1; cell <= 100; cell++) {
                send(window, cell);
            }
            assertThat(window.isOpen()).isFalse();
            accept(window, new SendmeBody(1, tag(100)).encode());
        }
    }

    @Test
    void refusesWrongTagsLengthsVersionsAndWhatIsNotAwaited() throws ProtocolViolation {
        byte[] right = new SendmeBody(1, tag(100)).encode();
        assertRefused(new FixedWindow(1000), right, 0, "SENDME that nothing awaited");
        assertRefused(sentHundred(), new SendmeBody(1, tag(99)).encode(), 0, "SENDME with a wrong tag");
        assertRefused(sentHundred(), new SendmeBody(1, new byte[16]).encode(), 0, "SENDME with a wrong tag");
        assertRefused(sentHundred(), new byte[] {2, 0, 0}, 0, "SENDME that cannot be read");
        assertRefused(sentHundred(), new byte[] {1}, 0, "SENDME that cannot be read");
        assertRefused(sentHundred(), new byte[] {1, 0, 20, 5}, 0, "SENDME that cannot be read");
        assertRefused(sentHundred(), new byte[0], 1, "SENDME of a version no longer accepted");
        assertRefused(sentHundred(), right, 2, "SENDME of a version no longer accepted");
        accept(sentHundred(), right);
        accept(sentHundred(), new byte[0]);
        accept(sentHundred(), new byte[] {0, 0, 1, 9});
    }

    /// C tor: within every 50 to 99 cells one has at least 16 random bytes after the gap of four.
    @ParameterizedTest
    @MethodSource("formats")
    void someCellOfEveryHundredIsShortEnoughToBeUnpredictable(RelayCellFormat format, int dataMax) {
        Random random = new Random(5);
        TagRandomness randomness = new TagRandomness(entropy(random), format);
        List<Integer> shortCells = new ArrayList<>();
        for (int cell = 0; cell < 10_000; cell++) {
            int taken = randomness.take(100_000);
            assertThat(taken).isIn(dataMax, dataMax - 20);
            if (taken != dataMax) {
                shortCells.add(cell);
            }
        }
        assertThat(shortCells.getFirst()).isBetween(49, 99);
        for (int i = 1; i < shortCells.size(); i++) {
            assertThat(shortCells.get(i) - shortCells.get(i - 1)).isBetween(50, 99);
        }
    }

    static Stream<Arguments> formats() {
        return Stream.of(Arguments.of(RelayCellV0.FORMAT, 498), Arguments.of(RelayCellV1.FORMAT, 488));
    }

    @Test
    void aCellThatIsShortByItselfSparesTheCut() {
        TagRandomness randomness = new TagRandomness(entropy(new Random(6)), RelayCellV0.FORMAT);
        for (int cell = 0; cell < 10_000; cell++) {
            int available = cell % 40 == 0 ? 478 : 498;
            assertThat(randomness.take(available)).isEqualTo(available);
        }
        assertThat(randomness.take(1)).isEqualTo(1);
    }

    private static PackageWindow sentHundred() {
        PackageWindow window = new FixedWindow(1000);
        for (int cell = 1; cell <= 100; cell++) {
            send(window, cell);
        }
        return window;
    }

    private static void accept(PackageWindow window, byte[] body) throws ProtocolViolation {
        sendme(window, body, 0);
        assertThat(window.isOpen()).isTrue();
    }

    private static void send(PackageWindow window, int cell) {
        if (window.dataSent()) {
            window.await(tag(cell), 0);
        }
    }

    private static void sendme(PackageWindow window, byte[] body, int versionMin) throws ProtocolViolation {
        window.sendme(PackageWindow.read(body, 0, body.length, versionMin), 0, false, 0);
    }

    private static void assertRefused(PackageWindow window, byte[] body, int versionMin, String what) {
        assertThatThrownBy(() -> sendme(window, body, versionMin))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage(what);
    }

    private static byte[] tag(int cell) {
        byte[] tag = new byte[20];
        tag[3] = (byte) cell;
        tag[19] = (byte) (cell >>> 8);
        return tag;
    }

    private static Entropy entropy(Random random) {
        return new Entropy() {
            @Override
            public void secret(byte[] out, int offset, int length) {
                padding(out, offset, length);
            }

            @Override
            public long jitter(long bound) {
                return random.nextLong(bound);
            }

            @Override
            public void padding(byte[] out, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    out[offset + i] = (byte) random.nextInt();
                }
            }
        };
    }
}
