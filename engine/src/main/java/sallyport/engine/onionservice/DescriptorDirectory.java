package sallyport.engine.onionservice;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OnionServiceActivity;
import sallyport.engine.accounting.OwnBugs;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.OnionDescriptor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// One instance as a directory of onion services (`HSDir`): takes their descriptors and gives them to whoever knows the
/// blinded key. Only over circuits of several hops, so that it never learns who asks.
///
/// Runs on: the instance's loop.
public final class DescriptorDirectory {
    private static final String FETCH = "/tor/hs/3/";
    private static final String POST = "/tor/hs/";
    private static final String PUBLISH = "/tor/hs/3/publish";
    // As C tor's HS_DESC_MAX_LEN.
    private static final int DESCRIPTOR_BYTES_MAX = 50_000;
    // Ours: uploads at the workers at one time; with what they hold they stay below 8 MiB.
    static final int CHECKS_MAX = 64;

    private static final DirAnswer STORED = new DirAnswer.Status(200, "HS descriptor stored successfully.");
    private static final DirAnswer INVALID = new DirAnswer.Status(400, "Invalid HS descriptor. Rejected.");
    private static final DirAnswer NO_SINGLE_HOP_POST =
            new DirAnswer.Status(503, "Rejecting single hop HS descriptor post");
    private static final DirAnswer NO_SINGLE_HOP_FETCH =
            new DirAnswer.Status(503, "Rejecting single hop HS v3 descriptor request");

    private final World world;
    private final EventLoop loop;
    private final Supplier<NetworkParameters> parameters;
    private final FaultCounters faults;
    private final RelayStatistics statistics;
    private final OwnBugs bugs;
    private final MemoryAccount memory;
    private final DescriptorStore store;
    private int checks;
    private long stored;
    private long fetched;

    /// @param relay our id, for the log
    /// @param statistics counts how many onion services store here
    /// @param memory counts what is stored and checked
    public DescriptorDirectory(
            World world,
            EventLoop loop,
            String relay,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            RelayStatistics statistics,
            MemoryAccount memory) {
        this.world = world;
        this.loop = loop;
        this.parameters = parameters;
        this.faults = faults;
        this.statistics = statistics;
        this.bugs = new OwnBugs(world, relay, faults, "our own bug with an onion descriptor", "refused it");
        this.memory = memory;
        this.store = new DescriptorStore(memory, world.ticker().nanoTime());
    }

    /// Adds what this directory answers.
    public void addTo(DirRoutes routes) {
        routes.getBelow(FETCH, this::fetch).postBelow(POST, this::publish);
    }

    /// @param descriptors that are kept now
    /// @param stored uploads that were taken, since the start
    /// @param fetched descriptors that were given to clients, since the start
    public record Counts(int descriptors, long stored, long fetched) {}

    public Counts counts() {
        return new Counts(store.count(), stored, fetched);
    }

    /// The instance stops.
    public void close() {
        store.clear();
    }

    void fetch(DirRequest request, Consumer<DirAnswer> reply) {
        if (!request.isAnonymous()) {
            faults.count("onion descriptor asked for by a single-hop client");
            reply.accept(NO_SINGLE_HOP_FETCH);
            return;
        }
        byte[] key = key(request.path().substring(FETCH.length()));
        byte[] text = key == null ? null : store.fetch(key, world.ticker().nanoTime());
        if (text == null) {
            reply.accept(DirAnswer.NOT_FOUND);
            return;
        }
        fetched++;
        reply.accept(DirAnswer.bytes(text, 0));
    }

    private static byte @Nullable [] key(String base64) {
        try {
            byte[] key = Base64Text.decode(base64);
            return key.length == Ed25519.PUBLIC_LENGTH ? key : null;
        } catch (Malformed e) {
            return null;
        }
    }

    void publish(DirRequest request, Consumer<DirAnswer> reply) {
        if (!request.isAnonymous()) {
            faults.count("onion descriptor posted by a single-hop client");
            reply.accept(NO_SINGLE_HOP_POST);
            return;
        }
        byte[] text = request.body();
        int bytesMax = parameters.get().get("HSV3MaxDescriptorSize", 1, Integer.MAX_VALUE, DESCRIPTOR_BYTES_MAX);
        if (!request.path().startsWith(PUBLISH) || text.length >= bytesMax) {
            refuse(reply);
            return;
        }
        boolean accepted = checks < CHECKS_MAX
                && world.workers()
                        .submit(
                                Workers.Kind.BULK,
                                () -> check(text),
                                loop,
                                (descriptor, failure) -> checked(text, descriptor, failure, reply));
        if (!accepted) {
            reply.accept(DirAnswer.BUSY);
            return;
        }
        checks++;
        memory.add(MemoryKind.ONION_DESCRIPTORS, text.length);
    }

    /// Runs on: a worker. Null: it is refused.
    private @Nullable OnionDescriptor check(byte[] text) {
        try {
            return OnionDescriptor.verified(text, world.clock().instant());
        } catch (Malformed | Refused e) {
            return null;
        }
    }

    private void checked(
            byte[] text, @Nullable OnionDescriptor descriptor, @Nullable Throwable failure, Consumer<DirAnswer> reply) {
        checks--;
        memory.add(MemoryKind.ONION_DESCRIPTORS, -text.length);
        if (failure != null) {
            bugs.note(failure);
        }
        if (descriptor == null || !store.store(descriptor, world.ticker().nanoTime())) {
            refuse(reply);
        } else {
            stored++;
            OnionServiceActivity activity = statistics.onionServices();
            if (activity != null) {
                activity.stored(descriptor.blindedKey());
            }
            reply.accept(STORED);
        }
    }

    private void refuse(Consumer<DirAnswer> reply) {
        faults.count("onion descriptor that was refused");
        reply.accept(INVALID);
    }
}
