package sallyport.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.cell.XonBody;
import sallyport.engine.onionskin.CircuitTerms;

/// What a relay may say to a client, and what it may not: that ends its circuit, is counted, and touches
/// no other.
class ClientCircuitTest {
    private static final CircuitTerms FIXED = CircuitTerms.PLAIN;
    private static final CircuitTerms CONGESTION_CONTROL = new CircuitTerms(RudeRelay.INCREMENT, false);
    private static final CircuitTerms COUNTER_GALOIS = new CircuitTerms(RudeRelay.INCREMENT, true);
    private static final Destination SITE = Destination.of("www.example", 80);
    private static final byte[] NOTHING = {};
    private static final byte[] SOME = new byte[100];

    private final RudeRelay relay = new RudeRelay();

    /// Who uses a stream, and remembers.
    static final class User implements ClientStream.Events {
        int bytes;
        int owed;
        int writable;
        boolean connected;

        @Nullable
        EndReason reason;

        @Nullable
        ResolvedMessage answers;

        @Override
        public void connected() {
            connected = true;
        }

        @Override
        public void data(byte[] array, int offset, int length) {
            bytes += length;
        }

        @Override
        public int owedBytes() {
            return owed;
        }

        @Override
        public void writable() {
            writable++;
        }

        @Override
        public void resolved(ResolvedMessage of) {
            answers = of;
        }

        @Override
        public void ended(EndReason why) {
            reason = why;
        }
    }

    /// Each is the last thing that a relay says.
    private enum Rudeness {
        WRONG_DIGEST("a relay cell that no hop sent") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.deliver(CellCommand.RELAY, new byte[509]);
            }
        },
        EARLY("RELAY_EARLY toward a client") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(CellCommand.RELAY_EARLY, RelayCommand.DATA, stream, SOME, SOME.length);
            }
        },
        TOO_LONG("a relay message that cannot be read") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(CellCommand.RELAY, RelayCommand.DATA, stream, SOME, 600);
            }
        },
        SENDME_TOO_MANY("SENDME that nothing awaited") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.SENDME, 0, new SendmeBody(1, new byte[20]).encode());
            }
        },
        SENDME_WITHOUT_A_TAG("SENDME of a version no longer accepted") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.SENDME, 0, NOTHING);
            }
        },
        STREAM_SENDME_TOO_MANY("stream SENDME not due") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.SENDME, stream, NOTHING);
            }
        },
        UNKNOWN_STREAM("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.DATA, stream + 1, SOME);
            }
        },
        NO_STREAM("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.DATA, 0, SOME);
            }
        },
        AFTER_ITS_OWN_END("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.END, stream, new byte[] {6});
                relay.say(RelayCommand.DATA, stream, SOME);
            }
        },
        CONNECTED_TWICE("CONNECTED out of place") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.CONNECTED, stream, new byte[8]);
            }
        },
        BEGIN("not a message of a stream to a client") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.BEGIN, stream, SOME);
            }
        },
        END_WITHOUT_REASON("END without a reason") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.END, stream, NOTHING);
            }
        },
        RESOLVED_TO_A_STREAM("RESOLVED to no lookup") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.RESOLVED, stream, new byte[] {4, 4, 1, 2, 3, 4, 0, 0, 0, 9});
            }
        },
        RESOLVED_CUT_SHORT("RESOLVED shape") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.RESOLVED, stream, new byte[] {4, 4, 1});
            }
        },
        XOFF_WITH_FIXED_WINDOWS("XON or XOFF without congestion control") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.XOFF, stream, XonBody.xoff());
            }
        },
        DATA_BEYOND_THE_STREAM_WINDOW("DATA beyond the stream window") {
            @Override
            void say(RudeRelay relay, int stream) {
                for (int i = 0; i < 501; i++) {
                    relay.say(RelayCommand.DATA, stream, SOME);
                }
            }
        },
        CREATED_AGAIN("an answer to no question") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.deliver(CellCommand.CREATED2, new byte[100]);
            }
        },
        EXTENDED_AGAIN("a message to no stream of ours") {
            @Override
            void say(RudeRelay relay, int stream) {
                relay.say(RelayCommand.EXTENDED2, 0, new byte[66]);
            }
        };

        private final String counted;

        Rudeness(String counted) {
            this.counted = counted;
        }

        abstract void say(RudeRelay relay, int stream);
    }

    @ParameterizedTest
    @EnumSource(Rudeness.class)
    void aRuleBrokenEndsThatCircuitAloneAndIsCounted(Rudeness rudeness) throws Exception {
        RudeRelay.Fate other = relay.built(FIXED);
        RudeRelay.Fate fate = relay.built(FIXED);
        User user = new User();
        // Somebody who passes nothing on is never sent more than a window.
        user.owed = 1 << 20;
        int stream = connected(fate, user);

        rudeness.say(relay, stream);

        assertThat(fate.ended).isTrue();
        assertThat(user.reason).isNotNull();
        assertThat(relay.heardDestroy()).isTrue();
        assertThat(relay.faults.snapshot()).isEqualTo(Map.of(rudeness.counted, 1L));
        assertThat(other.ended).isFalse();
        assertThat(other.circuit.mayOpen()).isTrue();
        end(other);
    }

    @Test
    void aTagThatIsNotOfTheCellEndsTheCircuit() throws Exception {
        RudeRelay.Fate fate = relay.built(CONGESTION_CONTROL);
        ClientStream[] stream = new ClientStream[1];
        connected(fate, new User(), stream);
        stream[0].send(Unpooled.wrappedBuffer(new byte[40 * 498]));
        byte[] tag = relay.heard().getLast().tag();
        relay.say(RelayCommand.SENDME, 0, new SendmeBody(1, tag).encode());
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).containsOnlyKeys("SENDME with a wrong tag");
        end();
    }

    @Test
    void aStreamSendmeUnderCongestionControlEndsTheCircuit() throws Exception {
        RudeRelay.Fate fate = relay.built(CONGESTION_CONTROL);
        relay.say(RelayCommand.SENDME, connected(fate, new User()), NOTHING);
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).containsOnlyKeys("stream SENDME under congestion control");
        end();
    }

    @Test
    void dataBeforeConnectedEndsTheCircuit() throws Exception {
        RudeRelay.Fate fate = relay.built(FIXED);
        fate.circuit.begin(SITE, 0, new User());
        relay.say(RelayCommand.DATA, relay.heard().getLast().streamId(), SOME);
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).containsOnlyKeys("DATA before CONNECTED");
        end();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65, 505, 65_535})
    void anAnswerThatProvesNothingIsNoHop(int length) throws Exception {
        RudeRelay.Fate fate = relay.open(FIXED, 1);
        byte[] create = relay.peer.take().getLast();
        byte[] body = new byte[509];
        body[0] = (byte) (length >>> 8);
        body[1] = (byte) length;
        relay.peer.deliver(new Reader(create).i32(), CellCommand.CREATED2, body);
        relay.settle();
        assertThat(fate.built).isFalse();
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).hasSize(1);
        end();
    }

    @ParameterizedTest
    @ValueSource(ints = {RelayCommand.DATA, RelayCommand.EXTENDED, RelayCommand.SENDME, RelayCommand.CONNECTED})
    void whileItIsExtendedNothingElseMayCome(int command) throws Exception {
        RudeRelay.Fate fate = relay.open(FIXED, 2);
        relay.answer();
        relay.say(command, 0, SOME);
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).containsOnlyKeys("not what an extending circuit waits for");
        end();
    }

    @Test
    void anOversizedExtendedIsNoHop() throws Exception {
        RudeRelay.Fate fate = relay.open(FIXED, 2);
        relay.answer();
        byte[] body = new byte[498];
        body[0] = (byte) 0xff;
        relay.say(RelayCommand.EXTENDED2, 0, body);
        assertThat(fate.ended).isTrue();
        assertThat(relay.faults.snapshot()).hasSize(1);
        end();
    }

    @Test
    void truncatedAndDestroyEndTheCircuitWithoutFault() throws Exception {
        RudeRelay.Fate truncated = relay.built(FIXED);
        User user = new User();
        connected(truncated, user);
        relay.say(RelayCommand.TRUNCATED, 0, new byte[] {3});
        assertThat(truncated.ended).isTrue();
        assertThat(user.reason).isEqualTo(EndReason.DESTROY);
        RudeRelay.Fate destroyed = relay.built(FIXED);
        relay.say(RelayCommand.DROP, 0, SOME);
        assertThat(destroyed.ended).isFalse();
        relay.deliver(CellCommand.DESTROY, new byte[] {9});
        assertThat(destroyed.ended).isTrue();
        assertThat(relay.faults.snapshot()).isEmpty();
        end();
    }

    /// What was on its way when we ended a stream is nobody's fault, and counts in the circuit's window.
    @Test
    void lateMessagesOfAStreamThatWeEndedAreIgnored() throws Exception {
        RudeRelay.Fate fate = relay.built(CONGESTION_CONTROL);
        ClientStream[] stream = new ClientStream[1];
        User user = new User();
        int id = connected(fate, user, stream);
        stream[0].end(EndReason.DONE);
        relay.heard();
        for (int i = 0; i < RudeRelay.INCREMENT; i++) {
            relay.say(RelayCommand.DATA, id, SOME);
        }
        assertThat(relay.heard()).extracting(RudeRelay.Message::command).containsExactly(RelayCommand.SENDME);
        relay.say(RelayCommand.END, id, new byte[] {6});
        assertThat(fate.ended).isFalse();
        assertThat(user.bytes).isZero();
        relay.say(RelayCommand.DATA, id, SOME);
        assertThat(fate.ended).isTrue();
        end();
    }

    @Test
    void aDownloadIsAcknowledgedWithTheTagsOfItsCells() throws Exception {
        RudeRelay.Fate fate = relay.built(COUNTER_GALOIS);
        User user = new User();
        int id = connected(fate, user);
        List<byte[]> tags = new ArrayList<>();
        for (int i = 1; i <= 4 * RudeRelay.INCREMENT; i++) {
            relay.say(RelayCommand.DATA, id, SOME);
            if (i % RudeRelay.INCREMENT == 0) {
                tags.add(new SendmeBody(1, relay.tag()).encode());
            }
        }
        assertThat(relay.heard()).extracting(RudeRelay.Message::body).containsExactlyElementsOf(tags);
        assertThat(user.bytes).isEqualTo(4 * RudeRelay.INCREMENT * SOME.length);
        relay.say(RelayCommand.END, id, new byte[] {6});
        assertThat(user.reason).isEqualTo(EndReason.DONE);
        end(fate);
    }

    @Test
    void anUploadStopsAtTheWindowAndGoesOnAfterASendme() throws Exception {
        RudeRelay.Fate fate = relay.built(FIXED);
        ClientStream[] stream = new ClientStream[1];
        User user = new User();
        int id = connected(fate, user, stream);
        ByteBuf upload = Unpooled.wrappedBuffer(new byte[600 * 498]);
        // The queue to the link fills before the window does, and empties.
        List<RudeRelay.Message> heard = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stream[0].send(upload);
            heard.addAll(relay.heard());
        }
        assertThat(heard).hasSize(500);
        user.writable = 0;
        relay.say(RelayCommand.SENDME, id, NOTHING);
        assertThat(user.writable).isEqualTo(1);
        stream[0].send(upload);
        assertThat(relay.heard()).hasSize(50);
        relay.say(RelayCommand.SENDME, 0, new SendmeBody(1, heard.get(99).tag()).encode());
        assertThat(fate.ended).isFalse();
        end(fate);
    }

    @Test
    void xoffStopsAnUploadAndXonLetsItGoOn() throws Exception {
        RudeRelay.Fate fate = relay.built(COUNTER_GALOIS);
        ClientStream[] stream = new ClientStream[1];
        User user = new User();
        int id = connected(fate, user, stream);
        relay.say(RelayCommand.XOFF, id, XonBody.xoff());
        ByteBuf upload = Unpooled.wrappedBuffer(new byte[1000]);
        assertThat(stream[0].send(upload)).isZero();
        relay.say(RelayCommand.XON, id, new XonBody(0).encode());
        assertThat(user.writable).isEqualTo(1);
        assertThat(stream[0].send(upload)).isEqualTo(1000);
        end(fate);
    }

    @Test
    void aLookupEndsWithItsAnswers() throws Exception {
        RudeRelay.Fate fate = relay.built(COUNTER_GALOIS);
        User user = new User();
        fate.circuit.resolve("www.example", user);
        RudeRelay.Message asked = relay.heard().getLast();
        assertThat(asked.command()).isEqualTo(RelayCommand.RESOLVE);
        relay.say(RelayCommand.RESOLVED, asked.streamId(), new byte[] {4, 4, 1, 2, 3, 4, 0, 0, 0, 9});
        assertThat(user.answers).isNotNull();
        assertThat(user.answers.answers()).hasSize(1);
        assertThat(fate.circuit.openStreams()).isZero();
        end(fate);
    }

    @Test
    void aCircuitTakesSoManyStreamsAndNoMore() throws Exception {
        RudeRelay.Fate fate = relay.built(COUNTER_GALOIS);
        for (int i = 0; i < ClientStreams.STREAMS_MAX; i++) {
            assertThat(fate.circuit.mayOpen()).isTrue();
            fate.circuit.begin(SITE, 0, new User());
            relay.peer.take();
            relay.settle();
        }
        assertThat(fate.circuit.mayOpen()).isFalse();
        end(fate);
    }

    private int connected(RudeRelay.Fate fate, User user) {
        return connected(fate, user, new ClientStream[1]);
    }

    private int connected(RudeRelay.Fate fate, User user, ClientStream[] stream) {
        assertThat(fate.built).isTrue();
        stream[0] = fate.circuit.begin(SITE, 0, user);
        RudeRelay.Message begin = relay.heard().getLast();
        assertThat(begin.command()).isEqualTo(RelayCommand.BEGIN);
        relay.say(RelayCommand.CONNECTED, begin.streamId(), new byte[8]);
        assertThat(user.connected).isTrue();
        return begin.streamId();
    }

    private void end(RudeRelay.Fate... open) {
        for (RudeRelay.Fate fate : open) {
            fate.circuit.end();
            assertThat(fate.ended).isTrue();
        }
        relay.settle();
        relay.peer.take();
        relay.peer.close();
        relay.settle();
        assertThat(relay.pool.outstanding()).isZero();
    }
}
