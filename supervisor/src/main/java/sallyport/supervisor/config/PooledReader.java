package sallyport.supervisor.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.supervisor.assignment.AddressPair;
import sallyport.supervisor.assignment.Assignment;
import sallyport.supervisor.assignment.GroupWish;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.assignment.RelayPlace;

/// Reads the relays of a file with pools: each is what the sections say together, at the place that the
/// assignment gives it. There is one reader of a relay's keys, [RelayReader], whichever section they
/// stand in.
final class PooledReader {
    // Tor's FAQ for operators; the directory authorities' own setting since 2022.
    private static final int RELAYS_PER_ADDRESS = 8;
    // C tor's TestingTorNetwork sets AuthDirMaxServersPerAddr to 0, which is any number.
    private static final int ANY_NUMBER = 1_000;
    private static final String LOCK_SUFFIX = ".lock";

    /// One relay, wherever it runs.
    record Relay(String host, InstanceSpec spec) {}

    /// @param relays by group and number
    /// @param wished how many relays there are to be, also those that could not be read or placed
    /// @param mostOnOneHost how many the host has that has most, as far as it is known on which they are
    record Reading(
            Set<String> hosts,
            ApplySpec apply,
            Lock lock,
            Lock before,
            Path lockFile,
            List<Relay> relays,
            int wished,
            int mostOnOneHost,
            List<EffectiveRelay> effective,
            List<Campaign> campaigns) {
        /// The family that the relays of a host declare: those of all other hosts whose keys are known
        /// belong to it.
        FamilySpec familyOn(String host, FamilySpec said) {
            if (!said.together()) {
                return said;
            }
            TreeSet<String> others = new TreeSet<>(said.others());
            lock.places().stream()
                    .filter(place -> !place.host().equals(host))
                    .map(RelayPlace::fingerprint)
                    .filter(fingerprint -> !fingerprint.isEmpty())
                    .forEach(others::add);
            return new FamilySpec(true, List.copyOf(others), said.ids(), said.listing());
        }
    }

    private final boolean testing;
    private final FamilySpec family;
    private final StatisticsSpec statistics;
    private final Problems problems;
    private final ReadingProgress progress;

    PooledReader(
            boolean testing,
            FamilySpec family,
            StatisticsSpec statistics,
            Problems problems,
            ReadingProgress progress) {
        this.testing = testing;
        this.family = family;
        this.statistics = statistics;
        this.problems = problems;
        this.progress = progress;
    }

    /// @param directory where the last consensus is looked for; null when it is not known
    Reading read(Section file, Path configuration, @Nullable Path directory, List<InetSocketAddress> resolvers) {
        Value relays = file.optional("relays");
        if (relays != null) {
            relays.problem("is set beside groups", "write these relays as a group, or do without pools and groups");
        }
        FleetSections sections = FleetSections.read(file, testing, resolvers, problems);
        Path lockFile = configuration.resolveSibling(configuration.getFileName() + LOCK_SUFFIX);
        Lock before = lock(lockFile);
        List<GroupWish> wishes = new RelayWishes(sections).read();
        Assignment.Result result = Assignment.of(wishes, before, relaysPerAddress(sections, before, directory));
        LackOfRoom lack = new LackOfRoom(sections, problems, result.lock(), !problems.isIn(lockFile.toString()));
        result.unplaced().stream()
                .collect(Collectors.groupingBy(Assignment.Unplaced::group))
                .values()
                .forEach(lack::say);
        lack.sayOfHosts();
        List<Relay> read = new ArrayList<>();
        List<EffectiveRelay> effective = new ArrayList<>();
        Taken taken = new Taken(problems);
        Set<String> covered = new HashSet<>();
        for (RelayPlace place : result.lock().places()) {
            FleetGroup group = Objects.requireNonNull(sections.groups().get(place.group()));
            FleetHost host = Objects.requireNonNull(sections.hosts().get(place.host()));
            Layer own = group.relays().get(place.number());
            covered.add(group.layer().path());
            covered.add(host.layer().path());
            covered.add(own == null ? "" : own.path());
            Cascade cascade = sections.cascade(group, host, own);
            ConfigObject merged = placed(cascade, place, group);
            effective.add(EffectiveRelay.of(place.id(), place.host(), merged, cascade.notes(), problems));
            InstanceSpec spec = relay(
                    merged, cascade, sections, result.lock().of(place.host()).size(), taken);
            if (spec != null) {
                read.add(new Relay(place.host(), spec));
            }
            progress.at(effective.size(), result.lock().places().size());
        }
        readUncovered(sections, covered);
        List<Campaign> campaigns = CampaignReader.read(file, wishes);
        return new Reading(
                sections.hosts().keySet(),
                sections.apply(),
                result.lock(),
                before,
                lockFile,
                read,
                wishes.stream().mapToInt(group -> group.relays().size()).sum(),
                sections.hosts().keySet().stream()
                        .mapToInt(host -> relaysOn(host, sections, result.lock()))
                        .max()
                        .orElse(0),
                effective,
                campaigns);
    }

    /// Those that have a place there, and those that can be nowhere else.
    private static int relaysOn(String host, FleetSections sections, Lock lock) {
        int alone = sections.groups().values().stream()
                .filter(group -> group.hosts().equals(List.of(host)))
                .mapToInt(group -> group.numbers().size())
                .sum();
        long shared = lock.of(host).stream()
                .filter(place -> Objects.requireNonNull(sections.groups().get(place.group()))
                                .hosts()
                                .size()
                        > 1)
                .count();
        return alone + (int) shared;
    }

    private @Nullable InstanceSpec relay(
            ConfigObject merged, Cascade cascade, FleetSections sections, int relays, Taken taken) {
        Section section = new Section("", merged, cascade.named());
        section.alsoKnows(
                new TreeSet<>(cascade.home().path().startsWith("groups.") ? FleetGroup.OWN_KEYS : FleetHost.OWN_KEYS));
        // What cannot be reached was said of the pool; saying it of each relay again helps nobody.
        return RelayReader.read(section, testing || sections.unreachable(), family, statistics, relays, taken);
    }

    /// A section that no relay inherits yet is read all the same, as a relay that nobody sees.
    private void readUncovered(FleetSections sections, Set<String> covered) {
        for (FleetGroup group : sections.groups().values()) {
            if (!covered.contains(group.layer().path())) {
                readAlone(sections.cascade(group, null, null), group);
            }
            group.relays().values().stream()
                    .filter(relay -> !covered.contains(relay.path()))
                    .forEach(relay -> readAlone(sections.cascade(group, null, relay), group));
        }
        for (FleetHost host : sections.hosts().values()) {
            if (!covered.contains(host.layer().path())) {
                readAlone(new Cascade(List.of(host.layer(), sections.defaults()), host.layer(), problems), null);
            }
        }
        if (sections.groups().isEmpty() && sections.hosts().isEmpty()) {
            readAlone(new Cascade(List.of(sections.defaults()), sections.defaults(), problems), null);
        }
    }

    private void readAlone(Cascade cascade, @Nullable FleetGroup group) {
        RelayPlace nowhere = new RelayPlace(
                "nobody", "", 1, "", "nobody", new AddressPair("192.0.2.1", ""), 1, AddressPair.NONE, "");
        ConfigObject merged = placed(cascade, nowhere, group);
        Section section = new Section("", merged, cascade.named());
        section.alsoKnows(
                new TreeSet<>(cascade.home().path().startsWith("groups.") ? FleetGroup.OWN_KEYS : FleetHost.OWN_KEYS));
        RelayReader.read(section, testing, family, statistics, 1, new Taken(problems));
    }

    /// What the sections say, at its place: each value that the assignment chose stands where the file
    /// asks for it.
    private ConfigObject placed(Cascade cascade, RelayPlace place, @Nullable FleetGroup group) {
        ConfigObject merged = cascade.merged();
        List<String> sources = (place.exit().isNone() ? place.addresses() : place.exit()).all();
        if (group != null && group.ownExit()) {
            Value exit = cascade.value("outbound-bind-address-exit");
            if (exit != null) {
                exit.problem("is set, but exit-address is own", "remove one of the two");
            }
        }
        merged = with(merged, cascade, "id", place.id());
        merged = place.nickname().isEmpty() ? merged : with(merged, cascade, "nickname", place.nickname());
        merged = with(merged, cascade, "address", place.addresses().all());
        merged = with(merged, cascade, "or-port", place.port());
        // Who listens elsewhere than where it is found, behind NAT, has no such address of its own to send from.
        boolean behindNat = cascade.value("listen") != null;
        if (cascade.value("outbound-bind-address-exit") == null
                && (!behindNat || !place.exit().isNone())) {
            merged = with(merged, cascade, "outbound-bind-address-exit", sources);
        }
        if (cascade.value("outbound-bind-address-or") == null && !behindNat) {
            merged = with(
                    merged,
                    cascade,
                    "outbound-bind-address-or",
                    place.addresses().all());
        }
        return merged;
    }

    private static ConfigObject with(ConfigObject relay, Cascade cascade, String key, Object value) {
        Value said = cascade.value(key);
        ConfigOrigin origin =
                said == null ? cascade.home().object().origin() : said.raw().origin();
        ConfigValue raw = ConfigValueFactory.fromAnyRef(value).withOrigin(origin);
        return relay.withValue(key, raw);
    }

    private int relaysPerAddress(FleetSections sections, Lock before, @Nullable Path directory) {
        if (sections.relaysPerAddress() > 0) {
            return sections.relaysPerAddress();
        }
        if (before.relaysPerAddress() > 0) {
            return before.relaysPerAddress();
        }
        OptionalInt voted = directory == null ? OptionalInt.empty() : ConsensusLimit.in(directory);
        int limit = voted.orElse(testing ? 0 : RELAYS_PER_ADDRESS);
        return limit == 0 ? ANY_NUMBER : limit;
    }

    private Lock lock(Path file) {
        if (!Files.exists(file)) {
            return Lock.EMPTY;
        }
        try {
            LockReader.Reading reading = LockReader.read(Files.readString(file));
            reading.faults().forEach(fault -> problems.addIn(file.toString(), fault.line(), fault.what(), fault.fix()));
            return reading.lock();
        } catch (IOException e) {
            problems.addIn(file.toString(), 0, "cannot be read", "let this user read it");
            return Lock.EMPTY;
        }
    }
}
