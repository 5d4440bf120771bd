package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.AddressPair;
import sallyport.supervisor.assignment.AddressPool;
import sallyport.supervisor.assignment.GroupWish;
import sallyport.supervisor.assignment.GroupWish.HostWish;
import sallyport.supervisor.assignment.GroupWish.RelayWish;

/// What the groups of a file want of the assignment: ports, nicknames filled in, relays with an address
/// of their own.
final class RelayWishes {
    private static final int PORT_MAX = 65_535;
    private static final String PORT_EXAMPLE = "443 or [443, \"9001-9008\"]";
    static final String NUMBER = "{n}";

    private record Named(String group, int number, Value pattern) {}

    private final FleetSections sections;
    private final Map<String, Named> nicknames = new HashMap<>();
    private int unnamed;

    RelayWishes(FleetSections sections) {
        this.sections = sections;
    }

    List<GroupWish> read() {
        return sections.groups().values().stream().map(this::wish).toList();
    }

    private GroupWish wish(FleetGroup group) {
        NavigableMap<String, HostWish> hosts = new TreeMap<>();
        for (String name : group.hosts()) {
            FleetHost host = Objects.requireNonNull(sections.hosts().get(name));
            List<AddressPool> pools = of(host, group.pools());
            List<AddressPool> exitPools = group.exitPools().isEmpty() ? pools : of(host, group.exitPools());
            List<Integer> ports = ports(sections.cascade(group, host, null));
            if (!pools.isEmpty()) {
                hosts.put(name, new HostWish(pools, exitPools, ports));
            }
        }
        if (group.hosts().isEmpty()) {
            ports(sections.cascade(group, null, null));
        }
        if (hosts.isEmpty() && arePoolsKnown(group)) {
            sections.problems()
                    .add(
                            group.layer().object().origin(),
                            group.layer().path() + ".pools",
                            "are on none of its hosts",
                            "name a pool that one of these hosts has: " + String.join(", ", group.hosts()));
        }
        NavigableMap<Integer, RelayWish> relays = new TreeMap<>();
        for (int number : group.numbers()) {
            relays.put(number, relay(group, number));
        }
        if (group.numbers().isEmpty()) {
            nickname(group, 1);
        }
        return new GroupWish(group.name(), hosts, group.strategy(), group.ownExit(), relays);
    }

    /// Whether what the group and its hosts say of their pools could be read.
    private boolean arePoolsKnown(FleetGroup group) {
        Problems problems = sections.problems();
        return !sections.pools().isEmpty()
                && !group.hosts().isEmpty()
                && !problems.isAbout(group.layer().path() + ".pools")
                && !problems.isAbout(group.layer().path() + ".hosts")
                && group.hosts().stream()
                        .noneMatch(
                                host -> problems.isOf("hosts." + host) || problems.isAbout("hosts." + host + ".pools"));
    }

    private RelayWish relay(FleetGroup group, int number) {
        Layer own = group.relays().get(number);
        Cascade alone = new Cascade(
                own == null ? List.of() : List.of(own), own == null ? group.layer() : own, sections.problems());
        Value id = alone.value("id");
        Value address = alone.value("address");
        Value port = alone.value("or-port");
        List<byte[]> ips = address == null
                ? List.of()
                : Addresses.onePerFamily(address, ListenReader.ADDRESS_EXAMPLE).ips();
        if (address != null
                && !sections.problems().isAbout(address.key())
                && ips.getFirst().length != Addresses.IPV4_BYTES) {
            address.problem(ListenReader.NO_IPV4, ListenReader.ADD_IPV4);
        }
        String text = id == null ? null : id.text("1 to 64 letters, digits, - and _");
        Integer pinned = port == null ? null : port.port();
        return new RelayWish(
                text == null ? group.name() + "-" + number : text,
                nickname(group, number),
                ips.isEmpty() || ips.getFirst().length != Addresses.IPV4_BYTES
                        ? AddressPair.NONE
                        : new AddressPair(
                                Addresses.plain(ips.getFirst()), ips.size() > 1 ? Addresses.plain(ips.get(1)) : ""),
                pinned == null ? 0 : pinned);
    }

    /// The nickname of a relay. What is wrong with a pattern is said once, and the relay is read under
    /// another name.
    private String nickname(FleetGroup group, int number) {
        String other = "unnamed" + unnamed++;
        Value pattern =
                sections.cascade(group, null, group.relays().get(number)).value("nickname");
        String text = pattern == null ? null : pattern.text("\"example{n}\"");
        if (pattern == null && sections.areWhole()) {
            sections.problems()
                    .add(
                            group.layer().object().origin(),
                            group.layer().path() + ".nickname",
                            "is missing",
                            "add nickname = \"example" + NUMBER + "\"");
        }
        if (pattern == null || text == null) {
            return other;
        }
        String nickname = text.replace(NUMBER, Integer.toString(number));
        Named holder =
                nicknames.putIfAbsent(nickname.toLowerCase(Locale.ROOT), new Named(group.name(), number, pattern));
        if (!RelayReader.NICKNAME.matcher(nickname).matches()) {
            int last = group.numbers().isEmpty() ? number : group.numbers().getLast();
            pattern.problem(
                    "is " + pattern.shown() + ", which for number " + last + " is "
                            + Printable.quoted(text.replace(NUMBER, Integer.toString(last))) + ", not a nickname",
                    "let it have 1 to 19 letters and digits with the number filled in for " + NUMBER);
            return other;
        }
        if (holder != null) {
            pattern.problem(
                    holder.group().equals(group.name()) && holder.pattern().equals(pattern)
                            ? "gives several relays of the group the same name"
                            : "gives relays names that those of group " + holder.group() + " have ("
                                    + sections.problems()
                                            .where(holder.pattern().raw().origin()) + ")",
                    "write " + NUMBER + " where the number goes, and a pattern of its own in each group");
            return other;
        }
        return nickname;
    }

    private static List<AddressPool> of(FleetHost host, List<String> names) {
        return host.pools().stream()
                .filter(pool -> names.isEmpty() || names.contains(pool.name()))
                .toList();
    }

    private List<Integer> ports(Cascade cascade) {
        Value value = cascade.value("or-port");
        if (value == null && !sections.areWhole()) {
            return List.of(PORT_MAX);
        }
        if (value == null) {
            sections.problems()
                    .add(
                            cascade.home().object().origin(),
                            cascade.home().path() + ".or-port",
                            "is missing",
                            "add or-port = " + PORT_EXAMPLE);
            return List.of(PORT_MAX);
        }
        List<Integer> ports = new ArrayList<>();
        for (Value element : value.list()) {
            @Nullable String text = element.text(PORT_EXAMPLE);
            String[] ends = text == null ? new String[0] : text.split("-", -1);
            Integer first = ends.length == 0 ? null : Ports.parse(ends[0].strip());
            Integer last = ends.length == 2 ? Ports.parse(ends[1].strip()) : first;
            if (first == null || last == null || ends.length > 2 || last < first) {
                element.problem("is " + element.shown() + ", no port and no range of ports", "write " + PORT_EXAMPLE);
                continue;
            }
            for (int port = first; port <= last; port++) {
                if (ports.contains(port)) {
                    element.problem("has port " + port + " twice", "list each port once");
                    break;
                }
                ports.add(port);
            }
        }
        if (value.list().isEmpty()) {
            value.problem("is an empty list", "write " + PORT_EXAMPLE);
        }
        return ports.isEmpty() ? List.of(PORT_MAX) : ports;
    }
}
