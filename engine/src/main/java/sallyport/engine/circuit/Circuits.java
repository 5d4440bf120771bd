package sallyport.engine.circuit;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryRelief;
import sallyport.engine.limits.Shedding;
import sallyport.engine.link.CreateHandler;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.onionservice.OnionDuties;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.OnionSkins;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.stream.PreviousHop;
import sallyport.engine.stream.StreamContext;
import sallyport.engine.world.World;

/// The circuits of one instance. Everything runs on its loop.
public final class Circuits implements CreateHandler {
    static final String OWN_BUG = "our own bug in a circuit";

    /// C tor's `MaxOnionQueueDelay`.
    private static final int ONION_QUEUE_DELAY_MILLIS = 1750;
    /// C tor's `onion_queue_wait_cutoff`.
    private static final int ONION_QUEUE_CUTOFF_SECONDS = 5;
    // C tor's defaults of `overload_onionskin_ntor_scale_percent`, one percent, and `…_period_secs`, six hours.
    private static final int OVERLOAD_SCALE_PERCENT = 1000;
    private static final int OVERLOAD_PERIOD_SECONDS = 6 * 3600;
    /// C tor's `cc_alg`: 0 is none, and it takes every other number for Vegas.
    private static final int CC_ALG_VEGAS = 2;
    /// C tor's `cc_sendme_inc`, the cells that fit a TLS record.
    private static final int SENDME_INCREMENT_CELLS = 31;
    // Ours: a circuit costs kilobytes and its CREATE_FAST one cell, so without a limit one link could fill the heap in
    // seconds. A bridge that carries thousands of people over one link stays below.
    static final int CIRCUITS_PER_LINK_MAX = 16_384;

    // Ours: memory or circuits are short, and of the new ones a quarter has to be enough.
    static final int SHORT_HALVINGS = 2;

    /// How circuits reach their next hop: [Links#dial], or a test.
    interface Dialer {
        void dial(DialTarget target, DialResult result);
    }

    private final CircuitSettings settings;
    private final World world;
    private final EventLoop loop;
    private final CellPool pool;
    private final OnionSkins onionSkins;
    private final OnionDuties onionDuties;
    private final OwnBugs bugs;
    private final PaddingLimits paddingLimits;
    private final CircuitRelief relief = new CircuitRelief(this);
    private final Set<RelayCircuit> open = new LinkedHashSet<>();
    private final LinkedSets linked = new LinkedSets();
    private Dialer dialer = (_, result) -> result.failed(DestroyReason.CONNECTFAILED);
    private boolean closing;

    /// @param pool the cells of this loop, the same that the links use
    public Circuits(CircuitSettings settings, World world, EventLoop loop, CellPool pool) {
        this.settings = settings;
        this.world = world;
        this.loop = loop;
        this.pool = pool;
        this.onionSkins = new OnionSkins(world, loop, settings.identity(), settings.onionKeys());
        this.onionDuties =
                new OnionDuties(world, loop, settings.parameters(), settings.faults(), settings.statistics());
        this.bugs = new OwnBugs(world, settings.relay(), settings.faults(), OWN_BUG, "closed the circuit only");
        this.paddingLimits = new PaddingLimits(settings.parameters());
        settings.limits().memory().relief().from(this::offerTo);
        settings.statistics().openCircuits(() -> open.forEach(RelayCircuit::tellWaits));
    }

    private void offerTo(MemoryRelief.Offers offers) {
        for (RelayCircuit circuit : open) {
            Long oldest = circuit.oldestNanos();
            if (oldest != null) {
                offers.offer(circuit.shedAs(), oldest, circuit::closeForMemory);
            }
        }
    }

    /// Before this, every EXTEND2 fails with CONNECTFAILED.
    public void useLinks(Links links) {
        useDialer(links::dial);
    }

    /// Open circuits, those included whose onion skin is being computed.
    public int open() {
        return open.size();
    }

    /// Their onion skins.
    public OnionSkins onionSkins() {
        return onionSkins;
    }

    /// Conflux sets whose legs end here.
    public int confluxSets() {
        return linked.size();
    }

    /// Streams of all open circuits, those included that are being opened and those that ask for names.
    public int openStreams() {
        assert loop.inEventLoop();
        int streams = 0;
        for (RelayCircuit circuit : open) {
            streams += circuit.openStreams();
        }
        return streams;
    }

    /// Whether new circuits and streams are refused with HIBERNATING from here on; those that are open go
    /// on.
    public void refuseNew(boolean refuse) {
        assert loop.inEventLoop();
        closing = refuse;
    }

    /// Ends every open stream to where this policy lets none go.
    public void endStreamsThatMayNotLeave(ExitPolicy policy) {
        assert loop.inEventLoop();
        List.copyOf(open).forEach(circuit -> circuit.endStreamsThatMayNotLeave(policy));
    }

    /// Ends all circuits. New ones are refused with HIBERNATING from here on.
    public void closeAll(DestroyReason reason) {
        refuseNew(true);
        List<RelayCircuit> all = new ArrayList<>(open);
        all.forEach(circuit -> circuit.close(reason));
    }

    @Override
    public void onCreate(Link link, Cell cell) {
        assert loop.inEventLoop();
        int circuitId = cell.circuitId();
        try {
            DestroyReason refused = create(link, circuitId, cell);
            if (refused != null) {
                link.sendDestroy(circuitId, refused);
            }
        } catch (RuntimeException bug) {
            bugs.note(bug);
            link.sendDestroy(circuitId, DestroyReason.INTERNAL);
        } finally {
            cell.release();
        }
    }

    /// Why it is refused; null: it is not, or the circuit has seen to that itself.
    private @Nullable DestroyReason create(Link link, int circuitId, Cell cell) {
        if (closing) {
            return DestroyReason.HIBERNATING;
        }
        long source = link.source();
        settings.limits().newcomers().count(source);
        if (!link.allowsCreate() || isTooMuchNow(source)) {
            return DestroyReason.RESOURCELIMIT;
        }
        if (link.openCircuits() >= CIRCUITS_PER_LINK_MAX) {
            settings.faults().count("CREATE beyond the limit of a link");
            return DestroyReason.RESOURCELIMIT;
        }
        return switch (cell.command()) {
            case CellCommand.CREATE_FAST -> createFast(link, circuitId, cell);
            case CellCommand.CREATE2 -> create2(link, circuitId, cell);
            default -> {
                settings.faults().count("CREATE with a TAP handshake");
                yield DestroyReason.TORPROTOCOL;
            }
        };
    }

    /// Memory is short, or circuits are, and this source asks for more new ones than others: whoever floods us pays
    /// first.
    private boolean isTooMuchNow(long source) {
        InstanceLimits limits = settings.limits();
        boolean isShort = limits.memory().relief().refuses(Shedding.NEW_HANDSHAKES)
                || limits.circuits().isShort();
        if (!isShort || limits.newcomers().mayStay(source, SHORT_HALVINGS)) {
            return false;
        }
        settings.faults().count("CREATE of a source with many, while memory or circuits are short");
        return true;
    }

    @Override
    public void giveBack(int count) {
        relief.giveBack(count);
    }

    /// Null: answered, or nobody to answer.
    private @Nullable DestroyReason createFast(Link link, int circuitId, Cell cell) {
        byte[] x = new byte[CreateFast.MATERIAL_LENGTH];
        System.arraycopy(cell.array(), Cell.BODY, x, 0, x.length);
        RelayCircuit circuit = newCircuit(link, circuitId, true);
        if (circuit != null) {
            try {
                byte[] y = world.entropy().secret(CreateFast.MATERIAL_LENGTH);
                circuit.answerFast(CreateFast.answer(x, y));
            } catch (RuntimeException bug) {
                circuit.ownBug(bug);
            }
        }
        return null;
    }

    private @Nullable DestroyReason create2(Link link, int circuitId, Cell cell) {
        Create2Body body;
        try {
            body = Create2Body.decode(new Reader(cell.array(), Cell.BODY, Cell.BODY_LENGTH));
        } catch (Malformed e) {
            settings.faults().count("CREATE2 that cannot be read");
            return DestroyReason.TORPROTOCOL;
        }
        if (!OnionSkins.isOffered(body)) {
            settings.faults().count("CREATE2 with a handshake that is not offered");
            return DestroyReason.TORPROTOCOL;
        }
        RelayCircuit circuit = newCircuit(link, circuitId, false);
        if (circuit == null) {
            return null;
        }
        try {
            submit(link, circuit, body);
        } catch (RuntimeException bug) {
            circuit.ownBug(bug);
        }
        return null;
    }

    private void submit(Link link, RelayCircuit circuit, Create2Body body) {
        NetworkParameters parameters = settings.parameters().get();
        int delayMax = parameters.get("MaxOnionQueueDelay", 1, Integer.MAX_VALUE, ONION_QUEUE_DELAY_MILLIS);
        int cutoff = parameters.get("onion_queue_wait_cutoff", 1, Integer.MAX_VALUE, ONION_QUEUE_CUTOFF_SECONDS);
        OnionSkins.Terms terms = new OnionSkins.Terms(offeredIncrement(parameters), delayMax, cutoff);
        // As in C tor those of clients are left out, so that nobody without a relay can have us call for help.
        Overload overload = link.isClient() ? null : settings.limits().overload();
        if (overload != null) {
            overload.onionSkin(skinRules(parameters));
        }
        OnionSkinWait wait = circuit.awaitOnionSkin(onionSkins, body.handshakeType());
        boolean mayWait = settings.limits().newcomers().mayStay(link.source(), onionSkins.crowding(delayMax));
        if (!mayWait || !onionSkins.submit(body, terms, wait)) {
            if (overload != null) {
                overload.onionSkinDropped();
            }
            wait.refusedForLackOfTime();
        }
    }

    private static Overload.SkinRules skinRules(NetworkParameters parameters) {
        return new Overload.SkinRules(
                parameters.get("overload_onionskin_ntor_scale_percent", 0, 100_000, OVERLOAD_SCALE_PERCENT),
                parameters.get("overload_onionskin_ntor_period_secs", 0, Integer.MAX_VALUE, OVERLOAD_PERIOD_SECONDS));
    }

    /// Cells per SENDME on circuits whose client asks for congestion control; 0: it is not granted
    /// (proposal 324).
    private static int offeredIncrement(NetworkParameters parameters) {
        if (parameters.get("cc_alg", 0, 3, CC_ALG_VEGAS) == 0) {
            return 0;
        }
        return parameters.get("cc_sendme_inc", 1, 254, SENDME_INCREMENT_CELLS);
    }

    /// Null when the link has closed or the id is taken: then there is nobody to tell. Null too when we
    /// have as many circuits as we may; then the peer has been told.
    private @Nullable RelayCircuit newCircuit(Link link, int circuitId, boolean fast) {
        if (!settings.limits().circuits().tryAcquire()) {
            link.sendDestroy(circuitId, DestroyReason.RESOURCELIMIT);
            return null;
        }
        RelayCircuit circuit = RelayCircuit.attach(this, link, circuitId, fast);
        if (circuit == null) {
            settings.limits().circuits().release();
        } else {
            open.add(circuit);
        }
        return circuit;
    }

    void useDialer(Dialer use) {
        dialer = use;
    }

    void dial(DialTarget target, DialResult result) {
        dialer.dial(target, result);
    }

    void forget(RelayCircuit circuit) {
        if (open.remove(circuit)) {
            settings.limits().circuits().release();
        }
    }

    Set<RelayCircuit> all() {
        return open;
    }

    CircuitSettings settings() {
        return settings;
    }

    /// What streams whose messages come over that hop need to know.
    ///
    /// @param directory serves BEGIN_DIR; null: refused
    StreamContext streamContext(PreviousHop previous, @Nullable DirRequestHandler directory) {
        return new StreamContext(
                world,
                loop,
                settings.exit(),
                settings.resolver().share(),
                settings.dialer(),
                settings.relays(),
                settings.parameters(),
                settings.faults(),
                settings.limits().memory(),
                previous,
                directory,
                () -> closing);
    }

    LinkedSets linked() {
        return linked;
    }

    NetworkParameters parameters() {
        return settings.parameters().get();
    }

    World world() {
        return world;
    }

    EventLoop loop() {
        return loop;
    }

    CellPool pool() {
        return pool;
    }

    /// What the circuits do for onion services.
    public OnionDuties onionDuties() {
        return onionDuties;
    }

    OwnBugs bugs() {
        return bugs;
    }

    PaddingLimits paddingLimits() {
        return paddingLimits;
    }
}
