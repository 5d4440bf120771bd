package sallyport.engine.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.world.RealWorld;

/// One connection over a socket that takes as many bytes as the test allows, under the test's clock.
class ExitConnectionTest {
    private InstanceLimits limits;
    private static final byte[] CELL = new byte[498];

    @TempDir
    Path directory;

    private final FaultCounters faults = new FaultCounters();
    private final Ear ear = new Ear();
    private final SlowSocket socket = new SlowSocket();
    private RealWorld world;
    private ExitConnection connection;

    /// Takes `room` bytes; more wait.
    private static final class SlowSocket extends EmbeddedChannel {
        int room;
        int taken;
        int buffersAtOnce;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            buffersAtOnce = Math.max(buffersAtOnce, in.size());
            while (room > 0 && in.current() instanceof ByteBuf first) {
                int bytes = Math.min(room, first.readableBytes());
                room -= bytes;
                taken += bytes;
                in.removeBytes(bytes);
            }
        }

        void allow(int bytes) {
            room = bytes;
            flush();
        }
    }

    private static final class Ear implements FarEnd.Events {
        final List<String> heard = new ArrayList<>();
        RuntimeException bug;

        @Override
        public void onConnected() {
            hear("connected");
        }

        @Override
        public void onInput() {
            hear("input");
        }

        @Override
        public void onWritten(int bytes) {
            hear("written");
        }

        @Override
        public void onEnd() {
            hear("end");
        }

        @Override
        public void onFailure(ExitFailure why) {
            heard.add(why.name());
        }

        private void hear(String what) {
            heard.add(what);
            if (bug != null) {
                throw bug;
            }
        }
    }

    private RelayStatistics statistics;

    @BeforeEach
    void connect() {
        world = new RealWorld(directory, 1, (_, _, _) -> {});
        limits = TestLimits.plenty(world, socket.eventLoop());
        statistics = TestStatistics.of(world, StatisticKind.EXIT_PORTS);
        ExitDialer dialer = new ExitDialer(world, socket.eventLoop(), "test", faults, statistics, limits);
        connection = new ExitConnection(dialer, socket.eventLoop(), ear, new byte[] {(byte) 198, 51, 100, 1}, 80);
        socket.freezeTime();
        socket.pipeline().addLast(connection);
        connection.connectDone(null);
        ear.heard.clear();
    }

    @AfterEach
    void close() {
        connection.close();
        socket.finishAndReleaseAll();
        assertThat(limits.memory().held()).as("bytes held").isZero();
        world.close();
    }

    /// A server that takes a few bytes now and then is slow, not gone; C tor looks at bytes too.
    @Test
    void aSlowServerIsWaitedForAndAGoneOneIsNot() {
        write(40);
        connection.closeAfterFlush();
        for (int i = 0; i < 20; i++) {
            socket.allow(3);
            pass(15);
            assertThat(socket.isOpen()).isTrue();
        }
        assertThat(socket.taken).isEqualTo(60);
        pass(15);
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void closesOnceTheLastByteHasLeft() {
        write(40);
        connection.closeAfterFlush();
        socket.allow(40 * CELL.length - 1);
        assertThat(socket.isOpen()).isTrue();
        socket.allow(1);
        socket.runPendingTasks();
        assertThat(socket.isOpen()).isFalse();
        assertThat(socket.taken).isEqualTo(40 * CELL.length);
    }

    @Test
    void bytesAndTheStreamAreCounted() {
        write(4);
        socket.allow(4 * CELL.length);
        socket.writeInbound(Unpooled.copiedBuffer(CELL));
        socket.runPendingTasks();
        assertThat(statistics.bandwidth().totals())
                .isEqualTo(new BandwidthHistory.Totals(CELL.length, 4L * CELL.length));
        assertThat(TestStatistics.lines(statistics.exitPorts(), 0))
                .containsExactly(
                        "exit-stats-end DAY",
                        "exit-kibibytes-written 80=2,other=0",
                        "exit-kibibytes-read 80=1,other=0",
                        "exit-streams-opened 80=4,other=0");
    }

    /// 500 cells, each in a turn of its own, to a server that takes nothing: some 250 kB, not 500 buffers.
    @Test
    void manySmallTurnsShareBuffersWhileTheServerIsSlow() {
        for (int i = 0; i < 500; i++) {
            write(1);
        }
        assertThat(connection.queuedBytes()).isEqualTo(500 * CELL.length);
        for (int i = 0; i < 1000 && connection.queuedBytes() > 0; i++) {
            socket.allow(10_000);
            endTurn();
        }
        assertThat(socket.taken).isEqualTo(500 * CELL.length);
        // The first cell's, and then 1 KiB and sixteen times 16 KiB.
        assertThat(socket.buffersAtOnce).isLessThanOrEqualTo(17);
        assertThat(ear.heard).contains("written");
    }

    @Test
    void aBugOfOursEndsItsConnectionAloneAndIsCounted() {
        ear.bug = new IllegalStateException("of ours");
        ByteBuf bytes = Unpooled.copiedBuffer(CELL);
        socket.writeInbound(bytes);
        assertThat(ear.heard).containsExactly("input", "INTERNAL");
        assertThat(bytes.refCnt()).isZero();
        assertThat(faults.snapshot()).containsEntry(ExitDialer.OWN_BUG, 1L);
    }

    @Test
    void aBugOfOursWhenBytesHaveLeftIsCountedToo() {
        ear.bug = new IllegalStateException("of ours");
        socket.room = CELL.length;
        write(1);
        assertThat(ear.heard).containsExactly("written", "INTERNAL");
        assertThat(faults.snapshot()).containsEntry(ExitDialer.OWN_BUG, 1L);
        assertThat(socket.isOpen()).isFalse();
    }

    private void write(int cells) {
        for (int i = 0; i < cells; i++) {
            connection.write(CELL, 0, CELL.length);
        }
        endTurn();
    }

    private void endTurn() {
        connection.flush();
    }

    private void pass(int seconds) {
        socket.advanceTimeBy(seconds, TimeUnit.SECONDS);
        socket.runScheduledPendingTasks();
    }
}
