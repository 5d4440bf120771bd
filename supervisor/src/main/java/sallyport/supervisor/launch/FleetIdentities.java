package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.World;
import sallyport.supervisor.config.FleetSpec;

/// Under which names the network knows the relays of a configuration.
///
/// @param relays in the configuration's order, without those whose keys cannot be used
/// @param families ids of the family keys that any of them shows, sorted
record FleetIdentities(List<ShownIdentity> relays, List<String> families) {
    /// Reads the keys, and makes those that are missing; each relay's have a lock, so a running process
    /// is not disturbed. Says on `err` of each relay that has none of use why.
    static FleetIdentities read(FleetSpec fleet, PrintWriter err, Progress progress) {
        Log log = (_, relay, text) -> err.println(relay + ": " + text);
        try (RealWorld world = new RealWorld(fleet.dataDirectory(), 1, log)) {
            // In parallel: making keys is work for the processor. The order stays that of the file.
            Progress.Work work = progress.work("keys", fleet.relays().size());
            List<ShownIdentity> relays = fleet.relays().parallelStream()
                    .map(relay -> identity(relay, fleet.process().rules().keys(), world, work))
                    .flatMap(Optional::stream)
                    .toList();
            TreeSet<String> families = new TreeSet<>();
            List<String> faults = new ArrayList<>();
            for (InstanceSpec relay : fleet.relays()) {
                try {
                    families.addAll(families(relay, world));
                } catch (KeyFileException e) {
                    faults.add(relay.id() + ": its family keys cannot be used: " + Failure.text(e));
                }
            }
            if (!faults.isEmpty()) {
                // Mostly one key is missing, and to all of them.
                err.println(faults.getFirst()
                        + (faults.size() == 1 ? "" : "; and " + (faults.size() - 1) + " more relays likewise"));
            }
            return new FleetIdentities(relays, List.copyOf(families));
        }
    }

    /// Ids of relays whose `family.ids` ask for a key that is not there, or cannot be used. Makes nothing.
    static Set<String> withoutFamilyKey(FleetSpec fleet, Progress progress) {
        Set<String> without = new TreeSet<>();
        if (fleet.relays().stream().allMatch(relay -> relay.family().ids().isEmpty())) {
            return without;
        }
        Progress.Work work = progress.work("family keys read", fleet.relays().size());
        try (RealWorld world = new RealWorld(fleet.dataDirectory(), 1, (_, _, _) -> {})) {
            for (InstanceSpec relay : fleet.relays()) {
                try {
                    families(relay, world);
                } catch (KeyFileException e) {
                    without.add(relay.id());
                }
                work.one();
            }
        }
        return without;
    }

    private static Optional<ShownIdentity> identity(
            InstanceSpec relay, KeyLifetimes lifetimes, World world, Progress.Work work) {
        try {
            RelayIdentity identity =
                    RelayKeys.identityIn(world.storage(), keys(relay), world.entropy(), world.clock(), lifetimes);
            return Optional.of(ShownIdentity.of(relay, identity));
        } catch (KeyFileException | IOException e) {
            world.log().error(relay.id(), "its keys cannot be used: " + Failure.text(e));
            return Optional.empty();
        } finally {
            work.one();
        }
    }

    private static List<String> families(InstanceSpec relay, World world) throws KeyFileException {
        return FamilyKeys.read(
                        world.storage(),
                        List.of(keys(relay), FamilyKeys.SHARED_DIRECTORY),
                        relay.family().ids())
                .ids();
    }

    private static String keys(InstanceSpec relay) {
        return "relays/" + relay.id() + "/keys";
    }
}
