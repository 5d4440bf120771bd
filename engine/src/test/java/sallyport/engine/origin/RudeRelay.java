package sallyport.engine.origin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.circuit.TestWorld;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.onionskin.HandshakeAnswer;
import sallyport.engine.onionskin.NtorV3;
import sallyport.engine.relaycrypto.CgoLayer;
import sallyport.engine.relaycrypto.RelayLayer;
import sallyport.engine.relaycrypto.Tor1Layer;

/// The only hop of a client's circuit, which says whatever a test wants; and the client's circuits
/// through it.
final class RudeRelay {
    static final int INCREMENT = 31;
    private static final byte[] RSA = Rsa.pkcs1(Rsa.generate(Rsa.IDENTITY_BITS));

    /// A message that came from the client.
    record Message(int command, int streamId, byte[] body, byte[] tag) {}

    /// How a circuit fared.
    static final class Fate implements PathListener {
        boolean built;
        boolean ended;
        ClientPath circuit;
        int circuitId;
        RelayLayer layer;

        @Override
        public void built(ClientPath of) {
            built = true;
            circuit = of;
        }

        @Override
        public void ended(int hops) {
            ended = true;
        }
    }

    final TestWorld world = new TestWorld(5);
    final CellPool pool = new CellPool();
    final FaultCounters faults = new FaultCounters();
    final FakeLinks.Peer peer;
    private final byte[] rsaDigest = new byte[20];
    private final byte[] ed25519 = new byte[32];
    private final NtorKeyPair onionKey;
    private final List<byte[]> unheard = new ArrayList<>();
    private int circuitId;
    private RelayLayer layer;

    RudeRelay() {
        Random random = new Random(7);
        random.nextBytes(rsaDigest);
        random.nextBytes(ed25519);
        byte[] secret = Curve25519.clamp(world.secret(32));
        onionKey = new NtorKeyPair(secret, Curve25519.publicKey(secret));
        FakeLinks links = new FakeLinks(
                world,
                world.loop(),
                pool,
                new RelayIdentity(RSA, Hashes.sha1(RSA), new byte[32]),
                () -> NetworkParameters.NONE,
                faults,
                TestStatistics.none(world),
                TestLimits.plenty(world, world.loop()),
                () -> (_, cell) -> cell.release());
        peer = links.open(true, new PeerIdentity(rsaDigest, new byte[32], ed25519, null));
    }

    /// Begins a circuit of so many hops, all of them this relay.
    Fate open(CircuitTerms wanted, int hops) {
        return open(wanted, hops, null);
    }

    /// A conflux set without legs.
    ClientSet set(Runnable whenOver) {
        return new ClientSet(
                world,
                world.loop(),
                pool,
                TestLimits.plenty(world, world.loop()).memory(),
                NetworkParameters.NONE,
                whenOver);
    }

    /// A circuit of one hop that is to be its leg, and asks to be linked.
    Fate leg(CircuitTerms wanted, ClientSet of) throws Malformed {
        Fate fate = open(wanted, 1, of);
        answer();
        fate.circuitId = circuitId;
        fate.layer = layer;
        return fate;
    }

    /// From now on this circuit is the one that is spoken and listened on.
    void on(Fate leg) {
        circuitId = leg.circuitId;
        layer = leg.layer;
    }

    private Fate open(CircuitTerms wanted, int hops, @Nullable ClientSet set) {
        Fate fate = new Fate();
        ClientCircuit circuit = new ClientCircuit(
                world, world.loop(), () -> new NetworkParameters(Map.of()), faults, set, () -> {}, fate);
        RelayAddress address = new RelayAddress(new byte[] {10, 0, 0, 1}, 9001);
        Hop hop = new Hop(List.of(address), rsaDigest, ed25519, onionKey.publicKey(), wanted);
        OriginCircuit.open(
                world,
                world.loop(),
                (_, result) -> result.opened(peer.link()),
                Collections.nCopies(hops, hop),
                60,
                circuit.user());
        settle();
        return fate;
    }

    /// The same, and answers.
    Fate built(CircuitTerms wanted) throws Malformed {
        Fate fate = open(wanted, 1);
        answer();
        return fate;
    }

    /// Answers the CREATE2 that came.
    void answer() throws Malformed {
        byte[] cell = takeCells().getLast();
        circuitId = new Reader(cell).i32();
        deliver(CellCommand.CREATED2, created(cell));
    }

    private byte[] created(byte[] create) throws Malformed {
        Create2Body body = Create2Body.decode(new Reader(create, Cell.BODY, Cell.BODY_LENGTH));
        HandshakeAnswer answer = NtorV3.answer(
                body.handshake(), ed25519, new OnionKeys(onionKey, null), onionKey, world.secret(32), INCREMENT);
        layer = answer.counterGalois()
                ? new CgoLayer(answer.secrets().keys())
                : new Tor1Layer(answer.secrets().keys());
        return new Writer().u16(answer.reply().length).bytes(answer.reply()).toBytes();
    }

    /// Says something on the circuit that was answered last.
    void say(int command, int streamId, byte[] body) {
        say(CellCommand.RELAY, command, streamId, body, body.length);
    }

    /// With another length than it has.
    void say(int cellCommand, int command, int streamId, byte[] body, int length) {
        Cell cell = pool.acquire();
        cell.command(cellCommand);
        cell.zeroFrom(0);
        layer.format().header(cell, command, streamId, length);
        cell.putBytes(layer.format().dataAt(command), body, 0, body.length);
        layer.originate(cell);
        byte[] sealed = Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
        cell.release();
        deliver(cellCommand, sealed);
    }

    byte[] tag() {
        return layer.backwardTag().clone();
    }

    void deliver(int cellCommand, byte[] body) {
        peer.deliver(circuitId, cellCommand, body);
        settle();
    }

    /// What the client said since, of the circuit that was answered last.
    List<Message> heard() {
        List<Message> heard = new ArrayList<>();
        for (byte[] bytes : takeCells()) {
            if (bytes[4] != CellCommand.RELAY && bytes[4] != CellCommand.RELAY_EARLY) {
                continue;
            }
            if (ByteBuffer.wrap(bytes).getInt() != circuitId) {
                unheard.add(bytes);
                continue;
            }
            Cell cell = pool.acquire();
            System.arraycopy(bytes, 0, cell.array(), 0, Cell.LENGTH);
            if (!layer.forward(cell)) {
                throw new AssertionError("a cell for nobody");
            }
            int command = layer.format().command(cell);
            int at = Cell.BODY + layer.format().dataAt(command);
            heard.add(new Message(
                    command,
                    layer.format().streamId(cell),
                    Arrays.copyOfRange(cell.array(), at, at + layer.format().length(cell)),
                    layer.forwardTag().clone()));
            cell.release();
        }
        return heard;
    }

    /// Whether a DESTROY came since.
    boolean heardDestroy() {
        return takeCells().stream().anyMatch(cell -> cell[4] == CellCommand.DESTROY);
    }

    private List<byte[]> takeCells() {
        settle();
        List<byte[]> all = new ArrayList<>(unheard);
        unheard.clear();
        all.addAll(peer.take());
        return all;
    }

    void settle() {
        for (int i = 0; i < 3; i++) {
            world.turn();
            world.work();
        }
        world.turn();
    }
}
