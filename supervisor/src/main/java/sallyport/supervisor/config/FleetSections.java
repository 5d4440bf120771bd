package sallyport.supervisor.config;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.AddressPool;
import sallyport.supervisor.assignment.IpRange;
import sallyport.supervisor.assignment.IpRange.BadRange;

/// The sections of a file that describes a fleet by pools and groups: `fleet`, `pools`, `hosts`,
/// `groups`; with `campaigns`, which [CampaignReader] reads.
///
/// @param relaysPerAddress as the file says it; 0 where it does not
/// @param apply how a running process takes over the next state
/// @param unreachable whether a pool has private addresses in the public network, which was said
/// @param partial names of pools that may have more addresses than could be read
record FleetSections(
        int relaysPerAddress,
        ApplySpec apply,
        Layer defaults,
        NavigableMap<String, AddressPool> pools,
        boolean unreachable,
        Set<String> partial,
        NavigableMap<String, FleetHost> hosts,
        NavigableMap<String, FleetGroup> groups,
        Problems problems) {
    /// Any of these makes a file one with pools.
    static final List<String> NAMES = List.of("fleet", "pools", "hosts", "groups", CampaignReader.KEY);

    private static final int RELAYS_PER_ADDRESS_MAX = 1_000;
    /// Keys that only one relay can have.
    private static final List<String> OF_ONE_RELAY = List.of("id", "address");

    static boolean isIn(Section file) {
        return NAMES.stream().anyMatch(name -> file.object().containsKey(name));
    }

    /// @param resolvers name servers, whose addresses are kept away from relays
    static FleetSections read(Section file, boolean testing, List<InetSocketAddress> resolvers, Problems problems) {
        Value value = file.optional("fleet");
        Section fleet = value == null ? null : value.section("fleet { defaults { or-port = 443 } }");
        Integer limit = null;
        ApplySpec apply = ApplySpec.DEFAULT;
        Layer defaults = Layer.empty("fleet.defaults");
        if (fleet != null) {
            Value perAddress = fleet.optional("relays-per-address");
            limit = perAddress == null ? null : perAddress.wholeNumber(1, RELAYS_PER_ADDRESS_MAX);
            Value entry = fleet.optional("defaults");
            Section section = entry == null ? null : entry.section("defaults { or-port = 443 }");
            defaults = section == null ? defaults : Layer.of(section, Set.of(), "");
            apply = ApplyReader.read(fleet);
            fleet.finish();
        }
        PoolReader reader = new PoolReader(testing, ranges(resolvers));
        NavigableMap<String, AddressPool> pools = reader.read(file);
        NavigableMap<String, FleetHost> hosts = FleetHost.read(file, pools);
        NavigableMap<String, FleetGroup> groups = FleetGroup.read(file, hosts, pools);
        FleetSections sections = new FleetSections(
                limit == null ? 0 : limit,
                apply,
                defaults,
                pools,
                reader.isUnreachable(),
                reader.partial(),
                hosts,
                groups,
                problems);
        sections.checkPlaces();
        return sections;
    }

    /// What is said of a relay of a group, the strongest first: the relay, its host, its group, the fleet.
    Cascade cascade(FleetGroup group, @Nullable FleetHost host, @Nullable Layer relay) {
        List<Layer> layers = new ArrayList<>();
        if (relay != null) {
            layers.add(relay);
        }
        if (host != null) {
            layers.add(host.layer());
        }
        layers.add(group.layer());
        layers.add(defaults);
        return new Cascade(layers, group.layer(), problems);
    }

    /// Whether what a relay inherits can be seen: where a section is none, what is missing may stand in it.
    boolean areWhole() {
        return Stream.of("fleet", "fleet.defaults", "hosts").noneMatch(problems::isOf)
                && hosts.values().stream().map(host -> host.layer().path()).noneMatch(problems::isOf);
    }

    private void checkPlaces() {
        List<Layer> shared = new ArrayList<>();
        shared.add(defaults);
        hosts.values().forEach(host -> shared.add(host.layer()));
        groups.values().forEach(group -> shared.add(group.layer()));
        for (Layer layer : shared) {
            for (String key : OF_ONE_RELAY) {
                if (layer.at(key) != null) {
                    problems.add(
                            Objects.requireNonNull(layer.at(key)).origin(),
                            layer.path() + "." + key,
                            "is of one relay alone",
                            "write it as groups.NAME.relays.\"3\"." + key);
                }
            }
        }
    }

    private static List<IpRange> ranges(List<InetSocketAddress> resolvers) {
        List<IpRange> ranges = new ArrayList<>();
        for (InetSocketAddress resolver : resolvers) {
            try {
                ranges.add(IpRange.parse(Addresses.plain(resolver.getAddress().getAddress())));
            } catch (BadRange e) {
                throw new IllegalStateException("an address is no address", e);
            }
        }
        return ranges;
    }
}
