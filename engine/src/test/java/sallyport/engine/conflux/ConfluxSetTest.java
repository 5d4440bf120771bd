package sallyport.engine.conflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.conflux.SetRig.TestLeg;

/// One set, its legs scripted: who sends when, what is refused, whose loss ends it.
class ConfluxSetTest {
    private static final DesiredUx FAST = DesiredUx.HIGH_THROUGHPUT;

    private final SetRig rig = new SetRig();
    private final ByteBuf source = Unpooled.wrappedBuffer(new byte[4000]);

    @AfterEach
    void nothingIsHeld() {
        source.release();
        rig.nothingIsHeld();
    }

    // Scheduling

    @Test
    void lowRttTakesTheFastestLegThatHasRoom() throws Exception {
        TestLeg slow = rig.leg(FAST, 900);
        TestLeg fast = rig.leg(FAST, 100);
        fast.window = 3;
        sendData(5);
        assertThat(fast.commands()).containsExactly(RelayCommand.DATA, RelayCommand.DATA, RelayCommand.DATA);
        assertThat(slow.commands()).containsExactly(RelayCommand.CONFLUX_SWITCH, RelayCommand.DATA, RelayCommand.DATA);
        assertThat(relative(slow, 0)).isEqualTo(3);
        fast.window = 1;
        sendData(1);
        assertThat(relative(fast, 3)).isEqualTo(2);
        assertThat(fast.commands().getLast()).isEqualTo(RelayCommand.DATA);
    }

    @Test
    void minRttWaitsForTheFastestLeg() throws Exception {
        for (DesiredUx ux :
                new DesiredUx[] {DesiredUx.MIN_LATENCY, DesiredUx.LOW_MEM_LATENCY, DesiredUx.LOW_MEM_THROUGHPUT}) {
            SetRig one = new SetRig();
            TestLeg slow = one.leg(ux, 900);
            TestLeg fast = one.leg(ux, 100);
            assertThat(one.set.ready()).isTrue();
            fast.window = 0;
            assertThat(one.set.ready()).as("%s", ux).isFalse();
            assertThat(one.set.sendData(7, source)).isZero();
            assertThat(slow.sent).isEmpty();
        }
    }

    /// The set takes the wish of the newest LINK.
    @Test
    void theNewestWishCounts() throws Exception {
        rig.leg(FAST, 900);
        TestLeg fast = rig.leg(DesiredUx.MIN_LATENCY, 100);
        fast.window = 0;
        assertThat(rig.set.ready()).isFalse();
        rig.leg(DesiredUx.NO_OPINION, 0);
        assertThat(rig.set.ready()).isTrue();
    }

    /// BEGIN may overtake LINKED_ACK: its answer goes out, DATA waits for a round trip.
    @Test
    void legsWithoutARoundTripCarryNoData() throws Exception {
        TestLeg leg = rig.leg(FAST, 0);
        assertThat(rig.set.ready()).isFalse();
        rig.set.send(7, RelayCommand.CONNECTED, new byte[0]);
        assertThat(leg.commands()).containsExactly(RelayCommand.CONNECTED);
        rig.set.acknowledged(leg.handle, 5);
        assertThat(rig.set.ready()).isTrue();
    }

    @Test
    void aSendmeMeasuresAnewAndOneThatCouldNotChangesNothing() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 200);
        rig.set.measured(one.handle, 0);
        sendData(1);
        rig.set.measured(one.handle, 300);
        sendData(1);
        assertThat(one.commands()).containsExactly(RelayCommand.DATA);
        assertThat(other.commands()).containsExactly(RelayCommand.CONFLUX_SWITCH, RelayCommand.DATA);
    }

    /// Windows hold back DATA only; what else there is keeps its place behind it.
    @Test
    void messagesThatFindNoRoomStayOnTheLegOfTheLast() throws Exception {
        TestLeg slow = rig.leg(FAST, 900);
        TestLeg fast = rig.leg(FAST, 100);
        fast.window = 1;
        slow.window = 1;
        sendData(2);
        rig.set.send(7, RelayCommand.END, new byte[] {6});
        assertThat(slow.commands()).containsExactly(RelayCommand.CONFLUX_SWITCH, RelayCommand.DATA, RelayCommand.END);
        fast.window = 1;
        sendData(1);
        assertThat(relative(fast, 1)).isEqualTo(2);
    }

    // Ordering

    @Test
    void messagesWaitForThoseBeforeThem() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 200);
        rig.receive(one, "1");
        rig.set.switched(other.handle, new ConfluxSwitchBody(3));
        rig.receive(other, "4");
        rig.receive(other, "5");
        assertThat(rig.delivered).containsExactly("1");
        assertThat(rig.memory.held()).isEqualTo(2L * EarlyMessages.CHARGED_BYTES);
        rig.receive(one, "2");
        assertThat(rig.delivered).containsExactly("1", "2");
        rig.receive(one, "3");
        assertThat(rig.delivered).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void whatWasDeliveredIsRefused() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 200);
        rig.receive(one, "1");
        assertViolation(() -> rig.receive(other, "1"), DestroyReason.INTERNAL, "of a number that was delivered");
        assertThat(rig.delivered).containsExactly("1");
    }

    /// C tor leaves the second of two with one number in its queue, and all that come after behind it.
    @Test
    void twoOfOneNumberEndTheSet() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 200);
        TestLeg third = rig.leg(FAST, 300);
        rig.set.switched(other.handle, new ConfluxSwitchBody(1));
        rig.set.switched(third.handle, new ConfluxSwitchBody(1));
        rig.receive(other, "2");
        rig.receive(third, "2");
        assertViolation(() -> rig.receive(one, "1"), DestroyReason.INTERNAL, "of the same number");
        one.endCircuit(DestroyReason.INTERNAL);
        assertThat(other.closed).isEqualTo(DestroyReason.FINISHED);
        assertThat(third.closed).isEqualTo(DestroyReason.FINISHED);
    }

    @Test
    void whatMayWaitIsLimited() throws Exception {
        SetRig small = new SetRig(Map.of("cfx_max_oooq_bytes", EarlyMessages.CHARGED_BYTES + 1));
        TestLeg leg = small.leg(FAST, 100);
        small.set.switched(leg.handle, new ConfluxSwitchBody(1));
        small.receive(leg, "2");
        small.receive(leg, "3");
        assertViolation(() -> small.receive(leg, "4"), DestroyReason.RESOURCELIMIT, "beyond what may wait");
        leg.endCircuit(DestroyReason.RESOURCELIMIT);
        small.nothingIsHeld();
    }

    /// A message that was counted and not handled would be missing for ever.
    @Test
    void aViolationWithinAnOrderedMessageEndsTheSet() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 200);
        rig.set.switched(other.handle, new ConfluxSwitchBody(50));
        assertThatThrownBy(() ->
                        rig.set.received(one.handle, RelayCommand.END, 7, new byte[0], 0, 0, (_, _, _, _, _) -> {
                            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "END without a reason");
                        }))
                .isInstanceOf(ProtocolViolation.class);
        one.endCircuit(DestroyReason.TORPROTOCOL);
        assertThat(other.closed).isEqualTo(DestroyReason.FINISHED);
    }

    // Linking

    @Test
    void linkedTellsWhatWasSentAndDelivered() throws Exception {
        TestLeg leg = rig.leg(FAST, 100);
        sendData(3);
        rig.receive(leg, "1");
        rig.receive(leg, "2");
        ConfluxLinkBody linked = rig.set.state(SetRig.NONCE, DesiredUx.MIN_LATENCY);
        assertThat(linked.lastSent()).isEqualTo(3);
        assertThat(linked.lastReceived()).isEqualTo(2);
        assertThat(linked.ux()).isEqualTo(DesiredUx.MIN_LATENCY);
    }

    /// A leg that joins later begins where the client says that both stand.
    @Test
    void aLaterLegBeginsAtTheClaims() throws Exception {
        TestLeg first = rig.leg(FAST, 500);
        sendData(3);
        rig.receive(first, "1");
        rig.receive(first, "2");
        TestLeg second = new TestLeg(rig.set);
        second.handle = rig.set.link(second, new ConfluxLinkBody(SetRig.NONCE, 2, 1, FAST), 0);
        rig.set.acknowledged(second.handle, 10);
        sendData(1);
        assertThat(relative(second, 0))
                .as("what the client has not got is not sent again")
                .isEqualTo(2);
        rig.receive(second, "3");
        assertThat(rig.delivered).containsExactly("1", "2", "3");
    }

    @Test
    void aLinkAfterLostMessagesEndsEveryLeg() throws Exception {
        TestLeg first = rig.leg(FAST, 100);
        rig.receive(first, "1");
        assertViolation(
                () -> rig.set.link(new TestLeg(rig.set), new ConfluxLinkBody(SetRig.NONCE, 2, 0, FAST), 0),
                DestroyReason.INTERNAL,
                "LINK after messages that were lost");
        assertThat(first.closed).isEqualTo(DestroyReason.TORPROTOCOL);
    }

    /// 64 bits without sign: "all of them" is not "less than none".
    @Test
    void theGreatestClaimsAreNoSmallOnes() throws Exception {
        assertViolation(
                () -> rig.set.link(new TestLeg(rig.set), new ConfluxLinkBody(SetRig.NONCE, -1, 0, FAST), 0),
                DestroyReason.INTERNAL,
                "LINK after messages that were lost");
    }

    /// Whoever claims to have got what was never sent ends the set when its leg is to be used.
    @Test
    void aLegAheadOfWhatWasSentEndsTheSet() throws Exception {
        TestLeg first = rig.leg(FAST, 500);
        sendData(1);
        TestLeg second = new TestLeg(rig.set);
        second.handle = rig.set.link(second, new ConfluxLinkBody(SetRig.NONCE, 0, -1, FAST), 0);
        rig.set.acknowledged(second.handle, 10);
        assertThat(rig.set.sendData(7, source)).isZero();
        assertThat(first.closed).isEqualTo(DestroyReason.TORPROTOCOL);
        assertThat(second.closed).isEqualTo(DestroyReason.TORPROTOCOL);
        assertThat(second.sent).isEmpty();
        assertThat(rig.set.ready()).isFalse();
    }

    /// SWITCH has 32 bits. A leg that would need more cannot be told where it is.
    @Test
    void aSwitchThatDoesNotFitEndsTheSet() throws Exception {
        TestLeg first = rig.leg(FAST, 100);
        first.handle.lastSent = ConfluxSwitchBody.RELATIVE_MAX - 1;
        TestLeg second = rig.leg(FAST, 200);
        sendData(1);
        first.window = 0;
        assertThat(rig.set.sendData(7, source)).isZero();
        assertThat(first.closed).isEqualTo(DestroyReason.TORPROTOCOL);
        assertThat(second.closed).isEqualTo(DestroyReason.TORPROTOCOL);
    }

    @Test
    void legsAreLimited() throws Exception {
        for (int i = 0; i < 8; i++) {
            rig.leg(FAST, 100);
        }
        assertViolation(() -> rig.leg(FAST, 100), DestroyReason.TORPROTOCOL, "LINK beyond the legs of a set");
        SetRig voted = new SetRig(Map.of("cfx_max_legs_set", 1));
        for (int i = 0; i < 3; i++) {
            voted.leg(FAST, 100);
        }
        assertViolation(() -> voted.leg(FAST, 100), DestroyReason.TORPROTOCOL, "LINK beyond the legs of a set");
    }

    // Losing legs

    @Test
    void anIdleLegLeavesAndTheSetGoesOn() throws Exception {
        TestLeg idle = rig.leg(FAST, 900);
        TestLeg busy = rig.leg(FAST, 100);
        sendData(2);
        rig.receive(busy, "1");
        assertThat(rig.set.left(idle.handle)).isFalse();
        assertThat(busy.isClosed()).isFalse();
        sendData(1);
        rig.receive(busy, "2");
        assertThat(rig.delivered).containsExactly("1", "2");
    }

    @Test
    void theLegLastSentOnTakesTheSetWithIt() throws Exception {
        TestLeg idle = rig.leg(FAST, 900);
        TestLeg busy = rig.leg(FAST, 100);
        rig.set.send(7, RelayCommand.CONNECTED, new byte[0]);
        assertThat(rig.set.left(busy.handle)).isTrue();
        assertThat(idle.closed).isEqualTo(DestroyReason.FINISHED);
    }

    /// One that was linked later may claim to have got as much; C tor ends the set all the same.
    @Test
    void theLegInUseTakesTheSetWithItWhateverALaterOneClaims() throws Exception {
        TestLeg busy = rig.leg(FAST, 100);
        rig.set.send(7, RelayCommand.CONNECTED, new byte[0]);
        TestLeg later = new TestLeg(rig.set);
        later.handle = rig.set.link(later, new ConfluxLinkBody(SetRig.NONCE, 0, 1, FAST), 0);
        assertThat(rig.set.left(busy.handle)).isTrue();
        assertThat(later.closed).isEqualTo(DestroyReason.FINISHED);
    }

    @Test
    void aLegWithDataUnderWayTakesTheSetWithIt() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 900);
        one.awaitsSendme = true;
        assertThat(rig.set.left(one.handle)).isTrue();
        assertThat(other.closed).isEqualTo(DestroyReason.FINISHED);
    }

    @Test
    void theLegLastReceivedOnTakesTheSetWithIt() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 900);
        rig.receive(one, "1");
        assertThat(rig.set.left(one.handle)).isTrue();
        assertThat(other.closed).isEqualTo(DestroyReason.FINISHED);
    }

    @Test
    void theLastLegEndsTheSet() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        assertThat(rig.set.left(one.handle)).isTrue();
        rig.set.send(7, RelayCommand.END, new byte[] {6});
        assertThat(one.sent).isEmpty();
    }

    @Test
    void whoGoesForMemoryTakesWhatWaitsWithIt() throws Exception {
        TestLeg one = rig.leg(FAST, 100);
        TestLeg other = rig.leg(FAST, 900);
        rig.set.switched(one.handle, new ConfluxSwitchBody(1));
        rig.nanos = 77;
        rig.receive(one, "2");
        assertThat(rig.set.oldestNanos()).isEqualTo(77);
        rig.set.drop(one.handle);
        assertThat(one.isClosed()).as("its own circuit gives its own reason").isFalse();
        assertThat(other.closed).isEqualTo(DestroyReason.FINISHED);
        assertThat(rig.set.oldestNanos()).isNull();
    }

    private void sendData(int cells) {
        for (int i = 0; i < cells; i++) {
            assertThat(rig.set.ready()).isTrue();
            assertThat(rig.set.sendData(7, source)).isPositive();
        }
    }

    private static long relative(TestLeg leg, int index) throws Malformed {
        SetRig.Sent sent = leg.sent.get(index);
        assertThat(sent.command()).isEqualTo(RelayCommand.CONFLUX_SWITCH);
        assertThat(sent.streamId()).isZero();
        return ConfluxSwitchBody.decode(sent.body(), 0, sent.body().length).relative();
    }

    private static void assertViolation(ThrowingCallable rudeness, DestroyReason reason, String what) {
        ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, rudeness);
        assertThat(violation.what()).contains(what);
        assertThat(violation.reasonCode()).isEqualTo(reason.code());
    }
}
