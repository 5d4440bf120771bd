package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.origin.ClientCircuitTest.User;

/// A client's conflux set, and an exit that says what it should or what it should not.
class ClientSetTest {
    private static final CircuitTerms CONGESTION_CONTROL = new CircuitTerms(RudeRelay.INCREMENT, false);
    private static final Destination SITE = Destination.of("www.example", 80);
    private static final byte[] NOTHING = {};
    private static final byte[] SOME = new byte[100];

    private final RudeRelay relay = new RudeRelay();
    private int over;
    private final ClientSet set = relay.set(() -> over++);

    @AfterEach
    void end() {
        set.end();
        assertThat(over).isEqualTo(1);
        relay.settle();
        relay.peer.take();
        relay.peer.close();
        relay.settle();
        assertThat(relay.pool.outstanding()).isZero();
    }

    @Test
    void messagesOfTwoLegsAreHandedOnInTheirOrder() throws Exception {
        RudeRelay.Fate slow = linked(50, DesiredUx.MIN_LATENCY);
        RudeRelay.Fate fast = linked(10, DesiredUx.MIN_LATENCY);
        assertThat(set.legs()).isEqualTo(2);
        User user = new User();
        int stream = begin(user, fast);
        relay.say(RelayCommand.CONNECTED, stream, new byte[8]);
        assertThat(user.connected).isTrue();

        relay.on(slow);
        relay.say(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(2).encode());
        relay.say(RelayCommand.DATA, stream, SOME);
        relay.say(RelayCommand.END, stream, new byte[] {6});
        assertThat(user.bytes).isZero();
        assertThat(user.reason).isNull();
        relay.on(fast);
        relay.say(RelayCommand.DATA, stream, SOME);
        assertThat(user.bytes).isEqualTo(2 * SOME.length);
        assertThat(user.reason).isEqualTo(EndReason.DONE);
        assertThat(set.openStreams()).isZero();
        assertThat(relay.faults.snapshot()).isEmpty();
    }

    /// For an exit that wants throughput: the fastest leg that takes something, and a word about each
    /// change.
    @Test
    void anUploadGoesOnOverTheOtherLegWhereTheWindowOfTheFirstIsShut() throws Exception {
        RudeRelay.Fate fast = linked(10, DesiredUx.HIGH_THROUGHPUT);
        RudeRelay.Fate slow = linked(50, DesiredUx.HIGH_THROUGHPUT);
        User user = new User();
        ClientStream stream = set.begin(SITE, 0, user);
        relay.on(fast);
        int id = relay.heard().getLast().streamId();
        relay.say(RelayCommand.CONNECTED, id, new byte[8]);
        ByteBuf upload = Unpooled.wrappedBuffer(new byte[400 * 498]);
        stream.send(upload);
        List<RudeRelay.Message> first = relay.heard();
        assertThat(first).isNotEmpty().allMatch(message -> message.command() == RelayCommand.DATA);
        relay.on(slow);
        List<RudeRelay.Message> second = relay.heard();
        assertThat(second.getFirst().command()).isEqualTo(RelayCommand.CONFLUX_SWITCH);
        // BEGIN has a number as well.
        assertThat(second.getFirst().body()).isEqualTo(new ConfluxSwitchBody(first.size() + 1).encode());
        assertThat(second.get(1).command()).isEqualTo(RelayCommand.DATA);
        assertThat(upload.isReadable()).isTrue();
    }

    @Test
    void aLegThatWasNotInUseMayGoAndOneThatWasTakesTheSetWithIt() throws Exception {
        RudeRelay.Fate fast = linked(10, DesiredUx.MIN_LATENCY);
        RudeRelay.Fate slow = linked(50, DesiredUx.MIN_LATENCY);
        User user = new User();
        int stream = begin(user, fast);
        relay.on(slow);
        relay.say(RelayCommand.TRUNCATED, 0, new byte[] {3});
        assertThat(slow.ended).isTrue();
        assertThat(set.mayOpen()).isTrue();
        relay.on(fast);
        relay.say(RelayCommand.CONNECTED, stream, new byte[8]);
        assertThat(user.connected).isTrue();

        RudeRelay.Fate third = linked(50, DesiredUx.MIN_LATENCY, 1, 1);
        relay.on(fast);
        relay.say(RelayCommand.TRUNCATED, 0, new byte[] {3});
        assertThat(third.ended).isTrue();
        assertThat(user.reason).isEqualTo(EndReason.DESTROY);
        assertThat(set.mayOpen()).isFalse();
        assertThat(over).isEqualTo(1);
        assertThat(relay.faults.snapshot()).isEmpty();
    }

    @Test
    void anExitThatGrantsNoCongestionControlIsNotAsked() throws Exception {
        RudeRelay.Fate fate = relay.leg(CircuitTerms.PLAIN, set);
        assertThat(fate.built).isFalse();
        assertThat(fate.ended).isTrue();
        assertThat(relay.heard()).isEmpty();
    }

    @Test
    void anExitThatDoesNotAnswerIsGivenUp() throws Exception {
        RudeRelay.Fate fate = relay.leg(CONGESTION_CONTROL, set);
        relay.world.advanceMillis(61_000);
        assertThat(fate.built).isFalse();
        assertThat(fate.ended).isTrue();
    }

    /// Its nonce and the set are right; what it says is not.
    enum BeforeLinked {
        ANOTHER_SET("LINKED of another set") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINKED, 0, body(new byte[32], 0, 0));
            }
        },
        CUT_SHORT("LINKED that cannot be read") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINKED, 0, nonce);
            }
        },
        LOST("LINK after messages that were lost") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINKED, 0, body(nonce, 1, 0));
            }
        },
        SWITCH("a message of a set on a circuit that is not linked") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode());
            }
        },
        DATA("a message of a set on a circuit that is not linked") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.DATA, 1, SOME);
            }
        },
        LINK("LINK or LINKED_ACK toward a client") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINK, 0, body(nonce, 0, 0));
            }
        };

        private final String counted;

        BeforeLinked(String counted) {
            this.counted = counted;
        }

        abstract void say(RudeRelay relay, byte[] nonce);
    }

    @ParameterizedTest
    @EnumSource(BeforeLinked.class)
    void whatAnExitMayNotSayBeforeItsLinked(BeforeLinked rudeness) throws Exception {
        RudeRelay.Fate fate = relay.leg(CONGESTION_CONTROL, set);
        rudeness.say(relay, link().nonce());
        assertThat(fate.built).isFalse();
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).isEqualTo(Map.of(rudeness.counted, 1L));
    }

    enum AfterLinked {
        LINKED_AGAIN("LINKED on a circuit that is linked") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINKED, 0, body(nonce, 0, 0));
            }
        },
        ACK("LINK or LINKED_ACK toward a client") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_LINKED_ACK, 0, NOTHING);
            }
        },
        SWITCH_CUT_SHORT("SWITCH that cannot be read") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONFLUX_SWITCH, 0, new byte[3]);
            }
        },
        NO_STREAM("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.DATA, 0, SOME);
            }
        },
        UNKNOWN_STREAM("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, byte[] nonce) {
                relay.say(RelayCommand.CONNECTED, 77, new byte[8]);
            }
        };

        private final String counted;

        AfterLinked(String counted) {
            this.counted = counted;
        }

        abstract void say(RudeRelay relay, byte[] nonce);
    }

    @ParameterizedTest
    @EnumSource(AfterLinked.class)
    void whatAnExitMayNotSayAfterIt(AfterLinked rudeness) throws Exception {
        RudeRelay.Fate fate = linked(10, DesiredUx.MIN_LATENCY);
        rudeness.say(relay, set.nonce());
        assertThat(fate.ended).isTrue();
        assertThat(relay.heardDestroy()).isTrue();
        assertThat(relay.faults.snapshot()).isEqualTo(Map.of(rudeness.counted, 1L));
    }

    private RudeRelay.Fate linked(long millis, DesiredUx ux) throws Exception {
        return linked(millis, ux, 0, 0);
    }

    private RudeRelay.Fate linked(long millis, DesiredUx ux, long lastSent, long lastReceived) throws Exception {
        RudeRelay.Fate fate = relay.leg(CONGESTION_CONTROL, set);
        ConfluxLinkBody link = link();
        assertThat(link.ux()).isEqualTo(DesiredUx.HIGH_THROUGHPUT);
        assertThat(link.nonce()).isEqualTo(set.nonce());
        assertThat(link.lastSent()).isEqualTo(lastReceived);
        assertThat(link.lastReceived()).isEqualTo(lastSent);
        relay.world.advanceMillis(millis);
        relay.say(
                RelayCommand.CONFLUX_LINKED, 0, new ConfluxLinkBody(set.nonce(), lastSent, lastReceived, ux).encode());
        assertThat(relay.heard())
                .extracting(RudeRelay.Message::command)
                .containsExactly(RelayCommand.CONFLUX_LINKED_ACK);
        assertThat(fate.built).isTrue();
        return fate;
    }

    private ConfluxLinkBody link() throws Malformed {
        RudeRelay.Message link = relay.heard().getLast();
        assertThat(link.command()).isEqualTo(RelayCommand.CONFLUX_LINK);
        return ConfluxLinkBody.decode(link.body(), 0, link.body().length);
    }

    private static byte[] body(byte[] nonce, long lastSent, long lastReceived) {
        return new ConfluxLinkBody(nonce, lastSent, lastReceived, DesiredUx.MIN_LATENCY).encode();
    }

    /// Opens a stream, whose BEGIN comes on that leg.
    private int begin(User user, RudeRelay.Fate leg) {
        set.begin(SITE, 0, user);
        relay.on(leg);
        RudeRelay.Message begin = relay.heard().getLast();
        assertThat(begin.command()).isEqualTo(RelayCommand.BEGIN);
        return begin.streamId();
    }
}
