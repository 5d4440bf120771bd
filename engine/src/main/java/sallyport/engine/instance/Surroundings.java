package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import sallyport.engine.cell.CellPool;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.Turns;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.World;

/// What the host gives to one relay. Loop, pool, directory and limits are shared with other relays, all else is its
/// own.
///
/// @param pool the cells of `loop`
/// @param cache what clients fetch from relays of ours
/// @param families who declares whom
/// @param addresses those of all relays of the process
/// @param limits what the process has, of which the relay takes its part
/// @param selfTests who may test whether it can be reached
/// @param rules what all relays of the process keep to, as it is now
/// @param links how its links come to be
/// @param testing whether private addresses may stand in documents and EXTEND2 (C tor's TestingTorNetwork)
public record Surroundings(
        World world,
        EventLoop loop,
        CellPool pool,
        DirectoryStore directory,
        DirectoryCache cache,
        DirectoryUploader uploader,
        FamilyRegister families,
        OwnAddresses addresses,
        HostLimits limits,
        boolean testing,
        NameServers nameServers,
        Turns selfTests,
        Supplier<HouseRules> rules,
        LinksMaker links) {
    /// With links over TLS.
    public Surroundings(
            World world,
            EventLoop loop,
            CellPool pool,
            DirectoryStore directory,
            DirectoryCache cache,
            DirectoryUploader uploader,
            FamilyRegister families,
            OwnAddresses addresses,
            HostLimits limits,
            boolean testing,
            NameServers nameServers,
            Turns selfTests,
            Supplier<HouseRules> rules) {
        this(
                world,
                loop,
                pool,
                directory,
                cache,
                uploader,
                families,
                addresses,
                limits,
                testing,
                nameServers,
                selfTests,
                rules,
                LinksMaker.OVER_TLS);
    }
}
