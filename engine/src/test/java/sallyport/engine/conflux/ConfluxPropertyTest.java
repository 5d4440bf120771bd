package sallyport.engine.conflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.conflux.SetRig.TestLeg;

/// However legs race, stop, join and leave, both directions stay in order, and nothing is held in the end.
class ConfluxPropertyTest {
    private static final int MESSAGES = 2000;

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 40);
    }

    /// A client that numbers as proposal 329 says, on legs of any speed.
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverLegsDoMessagesArriveInOrder(int seed) throws Exception {
        Random random = new Random(seed);
        SetRig rig = new SetRig();
        int legs = 2 + random.nextInt(7);
        List<TestLeg> all = new ArrayList<>();
        List<Deque<Object>> wires = new ArrayList<>();
        long[] sent = new long[legs];
        for (int i = 0; i < legs; i++) {
            all.add(rig.leg(DesiredUx.NO_OPINION, 1 + random.nextInt(1000)));
            wires.add(new ArrayDeque<>());
        }
        int using = 0;
        int number = 0;
        int arrived = 0;
        while (arrived < MESSAGES) {
            if (number < MESSAGES && random.nextInt(3) > 0) {
                int next = random.nextInt(4) == 0 ? random.nextInt(legs) : using;
                if (next != using) {
                    wires.get(next).add(new ConfluxSwitchBody(sent[using] - sent[next]));
                    sent[next] = sent[using];
                    using = next;
                }
                sent[using]++;
                wires.get(using).add(String.valueOf(++number));
            }
            int from = random.nextInt(1 + random.nextInt(legs));
            for (int burst = random.nextInt(20); burst > 0 && !wires.get(from).isEmpty(); burst--) {
                switch (wires.get(from).remove()) {
                    case ConfluxSwitchBody body -> rig.set.switched(all.get(from).handle, body);
                    case Object text -> {
                        rig.receive(all.get(from), text.toString());
                        arrived++;
                    }
                }
            }
        }
        assertThat(rig.delivered)
                .isEqualTo(IntStream.rangeClosed(1, MESSAGES)
                        .mapToObj(String::valueOf)
                        .toList());
        rig.nothingIsHeld();
    }

    /// Windows open and shut, round trips change, legs join: a client that reads as proposal 329 says
    /// gets every byte.
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverWindowsDoBytesLeaveInOrder(int seed) throws Exception {
        Random random = new Random(seed);
        SetRig rig = new SetRig();
        DesiredUx ux = DesiredUx.values()[random.nextInt(DesiredUx.values().length)];
        List<TestLeg> legs = new ArrayList<>(List.of(rig.leg(ux, 1 + random.nextInt(1000))));
        byte[] bytes = new byte[20_000];
        random.nextBytes(bytes);
        ByteBuf source = Unpooled.wrappedBuffer(bytes);
        while (source.isReadable()) {
            TestLeg leg = legs.get(random.nextInt(legs.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    if (legs.size() < 8) {
                        legs.add(joined(rig, ux, legs, random));
                    }
                }
                case 1, 2 -> rig.set.measured(leg.handle, 1 + random.nextInt(1000));
                case 3, 4, 5 -> leg.window = random.nextInt(40);
                case 6 -> rig.set.send(7, RelayCommand.XON, new byte[5]);
                default -> {
                    if (rig.set.ready()) {
                        rig.set.sendData(7, source);
                    }
                }
            }
        }
        assertThat(legs).noneMatch(TestLeg::isClosed);
        assertThat(readByAClient(legs)).isEqualTo(bytes);
        rig.nothingIsHeld();
    }

    private static TestLeg joined(SetRig rig, DesiredUx ux, List<TestLeg> others, Random random) throws Exception {
        TestLeg leg = new TestLeg(rig.set);
        long sent =
                others.stream().mapToLong(other -> other.handle.lastSent).max().orElseThrow();
        leg.handle = rig.set.link(leg, new ConfluxLinkBody(SetRig.NONCE, 0, random.nextLong(sent + 1), ux), 0);
        leg.claimed = leg.handle.lastSent;
        rig.set.acknowledged(leg.handle, 1 + random.nextInt(1000));
        return leg;
    }

    private static byte[] readByAClient(List<TestLeg> legs) throws Exception {
        TreeMap<Long, byte[]> ordered = new TreeMap<>();
        for (TestLeg leg : legs) {
            long at = leg.claimed;
            for (SetRig.Sent message : leg.sent) {
                if (message.command() == RelayCommand.CONFLUX_SWITCH) {
                    at += ConfluxSwitchBody.decode(message.body(), 0, 4).relative();
                } else {
                    byte[] data = message.command() == RelayCommand.DATA ? message.body() : new byte[0];
                    assertThat(ordered.put(++at, data)).as("number %d", at).isNull();
                }
            }
        }
        assertThat(ordered.lastKey()).isEqualTo(ordered.size());
        ByteBuf all = Unpooled.buffer();
        ordered.values().forEach(all::writeBytes);
        byte[] read = new byte[all.readableBytes()];
        all.readBytes(read);
        return read;
    }

    /// Whatever a client numbers its messages, it loses circuits and nothing else happens.
    @ParameterizedTest
    @MethodSource("seeds")
    void anyNumbersAreDeliveredOrRefused(int seed) throws Exception {
        Random random = new Random(seed);
        SetRig rig = new SetRig();
        List<TestLeg> legs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            legs.add(rig.leg(DesiredUx.NO_OPINION, 10));
        }
        int expected = 0;
        for (int i = 0; i < 500; i++) {
            TestLeg leg = legs.get(random.nextInt(legs.size()));
            if (leg.isClosed()) {
                continue;
            }
            try {
                if (random.nextInt(5) == 0) {
                    long by = random.nextInt(10) == 0 ? ConfluxSwitchBody.RELATIVE_MAX : random.nextInt(4);
                    rig.set.switched(leg.handle, new ConfluxSwitchBody(by));
                } else {
                    rig.receive(leg, "any");
                }
            } catch (sallyport.engine.cell.ProtocolViolation violation) {
                leg.endCircuit(DestroyReason.INTERNAL);
            }
            assertThat(rig.delivered.size()).isGreaterThanOrEqualTo(expected);
            expected = rig.delivered.size();
        }
        legs.forEach(leg -> leg.endCircuit(DestroyReason.FINISHED));
        rig.nothingIsHeld();
    }

    @Test
    void earlyMessagesComeOutByNumber() {
        SetRig rig = new SetRig();
        EarlyMessages early = new EarlyMessages(new CellPool(), rig.memory, rig.ticker());
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, 1000).boxed().toList());
        Collections.shuffle(numbers, new Random(3));
        for (int number : numbers) {
            byte[] body = new byte[number % 499];
            // Around the middle of 64 bits, where the sign changes.
            early.add(Long.MAX_VALUE - 500 + number, RelayCommand.DATA, number + 1, body, 0, body.length);
        }
        assertThat(rig.memory.held())
                .isEqualTo(1000L * EarlyMessages.CHARGED_BYTES)
                .isEqualTo(early.bytes());
        for (int number = 0; number < 1000; number++) {
            assertThat(early.firstSequence()).isEqualTo(Long.MAX_VALUE - 500 + number);
            var cell = early.poll();
            assertThat(RelayCell.streamId(cell)).isEqualTo(number + 1);
            assertThat(RelayCell.length(cell)).isEqualTo(number % 499);
            cell.release();
        }
        assertThat(early.isEmpty()).isTrue();
        rig.nothingIsHeld();
    }
}
