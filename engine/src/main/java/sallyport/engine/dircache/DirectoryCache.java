package sallyport.engine.dircache;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.directory.ConsensusListener;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.world.World;

/// The directory cache of the process. Its documents are held once, however many relays hand them out.
public final class DirectoryCache {
    // Ours: 72 older consensuses of each flavor lie there compressed, some 1.5 MB each, and the diffs from them.
    public static final long DISK_BYTES_MAX = 512L << 20;

    private static final int ROBOTS_CACHE_SECONDS = 24 * 60 * 60;

    private final World world;
    private final long diskBytesMax;
    private final DirectoryStore directory;
    private final ConsensusShelves shelves;
    private final DirRoutes before;
    private final DirRoute consensus;
    private final DirRoute microdescriptors;
    private final DirRoute certificates;

    /// @param directory where descriptors, microdescriptors and certificates are
    public DirectoryCache(World world, DirectoryStore directory) {
        this(world, directory, new DirRoutes(), DISK_BYTES_MAX);
    }

    /// @param before what is answered, but for the consensus, otherwise than from what was fetched
    /// @param diskBytesMax what compressed consensuses and diffs may have on disk
    public DirectoryCache(World world, DirectoryStore directory, DirRoutes before, long diskBytesMax) {
        this.world = world;
        this.diskBytesMax = diskBytesMax;
        this.directory = directory;
        this.before = before;
        Artefacts artefacts = new Artefacts(world, diskBytesMax);
        this.shelves = new ConsensusShelves(world, artefacts);
        this.consensus = new ConsensusRoute(world, shelves, artefacts);
        this.microdescriptors =
                new MicrodescriptorRoute(digest -> directory.documents().microdescriptor(digest));
        this.certificates = new CertificateRoute(() -> directory.documents().certificates(), List::of);
    }

    /// What may lie on disk for clients.
    public long diskBytesMax() {
        return diskBytesMax;
    }

    /// Who is to hear of each consensus.
    public ConsensusListener listener() {
        return shelves;
    }

    /// Gives up what is being compressed. What lies ready goes on being served.
    public void close() {
        shelves.close();
    }

    /// What one relay answers; more may be added to it.
    ///
    /// @param own what the relay says of itself; null before it published
    public DirRoutes routes(Supplier<@Nullable OwnDocuments> own) {
        // The votes and signatures below /tor/status-vote/ are the authorities' to hand out, and /tor/ would be the
        // page of a DirPort: not found, as in a C tor relay.
        return new DirRoutes()
                .getBelow(ConsensusRequest.PATH, consensus)
                .with(before)
                .getBelow(MicrodescriptorRoute.PATH, microdescriptors)
                .getBelow(
                        DescriptorRoute.SERVER,
                        new DescriptorRoute(new CachedDescriptors(world.clock(), directory, own)))
                .getBelow(DescriptorRoute.EXTRA, new DescriptorRoute(new OwnExtraInfo(world.clock(), own)))
                .getBelow(CertificateRoute.PATH, certificates)
                .get(
                        "/tor/robots.txt",
                        (_, reply) ->
                                reply.accept(DirAnswer.text("User-agent: *\r\nDisallow: /\r\n", ROBOTS_CACHE_SECONDS)));
    }
}
