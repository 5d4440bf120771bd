package sallyport.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import sallyport.lab.process.Leash;
import sallyport.lab.process.Programs;
import sallyport.lab.traffic.TestDns;

/// The nodes of one network: gives each its place, writes its torrc, knows them by role.
final class Nodes {
    private static final int OR_PORT = 5_000;
    private static final int DIR_PORT = 7_000;
    private static final int CONTROL_PORT = 9_051;
    private static final int SOCKS_PORT = 9_050;

    private final NetworkPlan plan;
    private final Leash leash;
    private final Loopback loopback;
    private final Path tor;
    private final Path resolvConf;
    private final Map<TorNode.Role, List<TorNode>> byRole = new EnumMap<>(TorNode.Role.class);
    private final List<EmbeddedAuthority> embedded = new CopyOnWriteArrayList<>();
    private List<String> authorityLines = List.of();

    Nodes(NetworkPlan plan, Leash leash, Loopback loopback, TestDns dns) throws IOException, InterruptedException {
        this.plan = plan;
        this.leash = leash;
        this.loopback = loopback;
        this.tor = Programs.tor();
        this.resolvConf = Files.writeString(
                leash.directory().resolve("resolv.conf"),
                "nameserver " + dns.address().getAddress().getHostAddress() + "\n");
        for (TorNode.Role role : TorNode.Role.values()) {
            byRole.put(role, new CopyOnWriteArrayList<>());
        }
    }

    Leash leash() {
        return leash;
    }

    List<TorNode> of(TorNode.Role role) {
        return List.copyOf(mutable(role));
    }

    List<TorNode> all() {
        return Stream.of(TorNode.Role.values())
                .flatMap(role -> of(role).stream())
                .toList();
    }

    /// The authorities of ours.
    List<EmbeddedAuthority> embedded() {
        return List.copyOf(embedded);
    }

    /// Makes an authority of ours; its ports are not open yet.
    EmbeddedAuthority addEmbedded() throws IOException {
        String nickname = "embedded" + embedded.size();
        EmbeddedAuthority authority = EmbeddedAuthority.make(
                nickname, leash.directory().resolve(nickname), loopback.freshAddress(), Map.of());
        embedded.add(authority);
        return authority;
    }

    /// Each authority's consensus as it has it right now, C tor's first.
    List<Consensus> consensuses() {
        return Stream.concat(
                        of(TorNode.Role.AUTHORITY).stream().map(Consensus::of),
                        embedded.stream().map(EmbeddedAuthority::consensus))
                .toList();
    }

    List<String> authorityLines() {
        return authorityLines;
    }

    /// The authorities that every torrc written from here on names.
    void trust(List<String> lines) {
        authorityLines = List.copyOf(lines);
    }

    /// Gives a new node its directory, address and ports. It has no torrc yet.
    TorNode place(TorNode.Role role) throws IOException {
        String nickname = prefix(role) + of(role).size();
        Path directory = Files.createDirectory(leash.directory().resolve(nickname));
        Files.createDirectory(
                directory.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path empty = Files.createFile(directory.resolve("empty"));
        String address = loopback.freshAddress();
        boolean client = role == TorNode.Role.CLIENT;
        TorNode.Place place = new TorNode.Place(
                nickname,
                role,
                address,
                client ? 0 : Loopback.freePort(address, OR_PORT),
                role == TorNode.Role.AUTHORITY ? Loopback.freePort(address, DIR_PORT) : 0,
                Loopback.freePort(address, CONTROL_PORT),
                client ? Loopback.freePort(address, SOCKS_PORT) : 0,
                directory);
        List<String> command = List.of(
                tor.toString(),
                "--defaults-torrc",
                empty.toString(),
                "-f",
                directory.resolve("torrc").toString(),
                "--hush");
        TorNode node = new TorNode(place, leash, command);
        mutable(role).add(node);
        return node;
    }

    /// A new node that is ready to start.
    TorNode add(TorNode.Role role, List<String> moreTorrcLines) throws IOException {
        TorNode node = place(role);
        writeTorrc(node, moreTorrcLines);
        return node;
    }

    void writeTorrc(TorNode node, List<String> moreLines) throws IOException {
        List<String> extra = new ArrayList<>(plan.extra(node.place().role()));
        extra.addAll(moreLines);
        Torrc torrc = new Torrc(
                authorityLines,
                resolvConf.toString(),
                plan.timing,
                ProcessHandle.current().pid(),
                extra);
        Files.write(node.place().directory().resolve("torrc"), torrc.of(node.place()));
    }

    private List<TorNode> mutable(TorNode.Role role) {
        List<TorNode> nodes = byRole.get(role);
        if (nodes == null) {
            throw new IllegalStateException("a role that does not exist");
        }
        return nodes;
    }

    private static String prefix(TorNode.Role role) {
        return switch (role) {
            case AUTHORITY -> "auth";
            case RELAY -> "relay";
            case EXIT -> "exit";
            case CLIENT -> "client";
        };
    }
}
