package sallyport.lab.dirauth;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.HttpDirectoryTransport;
import sallyport.engine.dirserver.DirPort;
import sallyport.engine.dirserver.DirServer;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.lab.authority.AuthorityKeyFiles;
import sallyport.lab.authority.AuthorityKeyFiles.Making;
import sallyport.lab.roster.Roster;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.vote.VotingKeys;

/// One running authority of a private network, which is a relay as well. Control tasks open, schedule and
/// close it.
///
/// ```java DirectoryAuthority authority = DirectoryAuthority.make(world, spec); authority.open(new
/// NetworkSpec(true, authorities));   // all of them, this one by its line() included
/// authority.vote(timing); ```
public final class DirectoryAuthority {
    // As C tor's.
    private static final String KEYS = "keys";
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final World world;
    private final AuthoritySpec spec;
    private final LinksMaker links;
    private final AuthorityKeyFiles keyFiles;
    private final VotingKeys keys;
    private final RelayKeys relayKeys;
    private final String fingerprint;
    private final AuthorityFiles files;
    private @Nullable Open open;
    private Tasks.@Nullable Task voting;

    private record Open(
            EngineHost host,
            DirPort port,
            OtherAuthorities others,
            AuthorityDesk desk,
            VotingClock clock,
            @Nullable Reachability reachability) {}

    private DirectoryAuthority(
            World world,
            AuthoritySpec spec,
            LinksMaker links,
            AuthorityKeyFiles keyFiles,
            VotingKeys keys,
            RelayKeys relayKeys) {
        this.links = links;
        this.keyFiles = keyFiles;
        this.world = world;
        this.spec = spec;
        this.keys = keys;
        this.relayKeys = relayKeys;
        this.fingerprint = relayKeys.identity().fingerprint();
        this.files = new AuthorityFiles(world, spec.nickname());
    }

    /// Reads or makes its keys, those of the authority and those of the relay, which takes seconds.
    ///
    /// @param world of its own: it keeps files
    public static DirectoryAuthority make(World world, AuthoritySpec spec) throws KeyFileException, IOException {
        return make(world, spec, LinksMaker.OVER_TLS);
    }

    /// With links of another kind.
    public static DirectoryAuthority make(World world, AuthoritySpec spec, LinksMaker links)
            throws KeyFileException, IOException {
        AuthorityKeyFiles files =
                new AuthorityKeyFiles(world.storage(), KEYS, Making.usual(spec.directory(), world.entropy()::rsaKey));
        VotingKeys keys = files.open(world.clock().instant());
        RelayKeys relay =
                RelayKeys.open(world.storage(), "relays/" + spec.nickname() + "/keys", world.entropy(), world.clock());
        return new DirectoryAuthority(world, spec, links, files, keys, relay);
    }

    /// The arguments of torrc's `DirAuthority` by which others know it.
    public String line() {
        return spec.nickname() + " orport=" + spec.orAddress().port() + " no-v2 v3ident=" + keys.v3Identity() + " "
                + spec.directory() + " " + fingerprint;
    }

    /// Fingerprint of its relay, in upper-case hex.
    public String fingerprint() {
        return fingerprint;
    }

    public AuthoritySpec spec() {
        return spec;
    }

    /// Opens its ports and takes up what it knew. It does not vote yet.
    ///
    /// @throws IllegalArgumentException for any but a testing network, and for one that it is no part of
    public synchronized void open(NetworkSpec network) throws IOException, InterruptedException {
        if (!network.testing()) {
            throw new IllegalArgumentException("these authorities are for testing networks alone");
        }
        Set<String> identities = network.authorities().stream()
                .map(Authority::v3Ident)
                .filter(identity -> identity != null)
                .map(Hex::upper)
                .collect(Collectors.toSet());
        if (!identities.contains(keys.v3Identity())) {
            throw new IllegalArgumentException("an authority that the network does not know");
        }
        Instant now = world.clock().instant();
        AuthorityDesk desk = desk(identities, now);
        LatestConsensuses latest = new LatestConsensuses();
        EngineHost host = new EngineHost(
                world, network, ProcessSpec.DEFAULT, AuthorityRoutes.of(world, desk, fingerprint), links);
        for (Flavor flavor : Flavor.values()) {
            takeUp(host, desk, latest, flavor, now);
        }
        DirPort port = DirPort.listen(world, spec.directory().socket(), server(host));
        List<Authority> others = network.authorities().stream()
                .filter(authority ->
                        authority.votes() && !Hex.upper(authority.rsaDigest()).equals(fingerprint))
                .toList();
        OtherAuthorities asked =
                new OtherAuthorities(world, spec.nickname(), others, new HttpDirectoryTransport(world));
        VotingClock clock = new VotingClock(
                world,
                spec.nickname(),
                desk,
                new OwnBallots(spec, decoded(keys.v3Identity()), relaysOf(network)),
                asked,
                files,
                host::handOut,
                keyFiles::open,
                latest);
        host.follow(clock::believed);
        host.open();
        host.start(relay());
        Reachability reachability =
                spec.judgement().testReachability() ? Reachability.start(world, spec, relayKeys, desk, links) : null;
        open = new Open(host, port, asked, desk, clock, reachability);
    }

    private AuthorityDesk desk(Set<String> identities, Instant now) {
        SharedRandomState.Self self = new SharedRandomState.Self(
                decoded(keys.v3Identity()), identities, bytes -> world.entropy().secret(bytes));
        DirectoryTrust trust = new DirectoryTrust(true, identities, List.of());
        AuthorityDesk desk = new AuthorityDesk(
                new Roster(spec.judgement(), fingerprint, files.kept(spec.judgement(), now), now),
                trust,
                keys,
                interval -> files.random(self, now, interval));
        desk.restore(files.votes(trust, now));
        files.relays().ifPresent(relays -> desk.takeDescriptors(relays, now));
        return desk;
    }

    private static Set<String> relaysOf(NetworkSpec network) {
        return network.authorities().stream()
                .map(authority -> Hex.upper(authority.rsaDigest()))
                .collect(Collectors.toSet());
    }

    private static byte[] decoded(String hex) {
        try {
            return Hex.decode(hex);
        } catch (Malformed e) {
            throw new IllegalStateException("an identity of ours", e);
        }
    }

    private void takeUp(EngineHost host, AuthorityDesk desk, LatestConsensuses latest, Flavor flavor, Instant now) {
        UnverifiedConsensus kept = files.consensus(flavor).orElse(null);
        if (kept == null) {
            return;
        }
        try {
            Consensus verified = kept.verify(desk.trust(), now);
            host.handOut(kept, verified);
            var _ = latest.take(kept.text(), verified);
        } catch (Malformed | Refused e) {
            world.log().info(spec.nickname(), "the kept " + flavor.word() + " consensus is of no use");
        }
    }

    private DirServer server(EngineHost host) {
        FaultCounters faults = new FaultCounters();
        var loop = world.loops().all().getFirst();
        return new DirServer(
                world,
                loop,
                spec.nickname(),
                faults,
                new RelayStatistics(world, new BandwidthHistory(), RelayStatistics.PERIOD),
                HostLimits.of(world, 0).open(spec.nickname(), loop, faults).memory(),
                () -> List.of(spec.orAddress()),
                host.directoryRoutes());
    }

    private InstanceSpec relay() {
        return new InstanceSpec(
                spec.nickname(),
                spec.nickname(),
                List.of(spec.orAddress()),
                List.of(spec.orAddress()),
                List.of(),
                List.of(),
                new ExitSpec(false, List.of("reject *:*"), true),
                true,
                spec.contact(),
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                new PublishingSpec(true, true, false, spec.dirPort()));
    }

    /// Votes from now on; a timing from before no longer counts.
    public synchronized void vote(VotingTiming timing) throws InterruptedException {
        Open now = opened();
        stopVoting();
        voting = world.tasks()
                .start("voting of " + spec.nickname(), () -> now.clock().run(timing));
    }

    /// The relays that it knows, by fingerprint in upper-case hex.
    public synchronized Set<String> relays() {
        return opened().desk().descriptors().stream()
                .map(descriptor -> descriptor.fingerprint())
                .collect(Collectors.toSet());
    }

    /// Closes its ports and ends what it does. The world stays open.
    public synchronized void close() throws IOException, InterruptedException {
        Open was = opened();
        open = null;
        stopVoting();
        if (was.reachability() != null) {
            was.reachability().close();
        }
        was.others().close();
        was.port().close();
        was.host().close();
    }

    private void stopVoting() throws InterruptedException {
        Tasks.Task before = voting;
        voting = null;
        if (before != null) {
            before.cancel();
            var _ = before.join(END_LIMIT);
        }
    }

    private Open opened() {
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }
}
