package sallyport.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sallyport.engine.host.EngineHost;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.sim.SimMachine;

/// The life of a whole network under seeds: twenty relays and the authorities among them begin with
/// nothing, vote each hour, and things break. `-Dhours=168` is a week; `-Dseed=N` runs one seed, with its
/// last events in words, and `-Dseeds=N` so many.
class LifeSimulationTest {
    private static final int HOURS = Integer.getInteger("hours", 5);
    private static final Duration TWICE = Duration.ofMinutes(12);
    // The first consensus begins at 11:55, and the next round that leaves time for votes ends at 13:00.
    private static final Instant FIRST_HOURLY = Instant.parse("2026-11-21T13:00:00Z");
    private static final int ALL_RELAYS = SimulatedNetwork.AUTHORITIES + SimulatedNetwork.RELAYS;
    // Two users, each every ten minutes.
    private static final int FETCHES_EACH_HOUR = 12;
    // While something is broken: each user may lose one before it has found other ways, and one more.
    private static final int FETCHES_LOST_MAX = 3;
    // Nine tasks each, one that starts it, and some of the process.
    private static final int TASKS_EACH_MAX = 12;
    // A dozen keys, statistics and state of each relay, and what clients fetch.
    private static final int FILES_MAX = 400;
    // Each relay to each other, from both ends, and as much again that is being made or given up.
    private static final int CONNECTIONS_MAX = 4 * ALL_RELAYS * ALL_RELAYS;

    @Test
    void aNetworkLives() throws Exception {
        Long one = Long.getLong("seed");
        long first = one == null ? 1 : one;
        long count = one == null ? Long.getLong("seeds", 1) : 1;
        for (long seed = first; seed < first + count; seed++) {
            live(seed, one != null);
        }
    }

    private static void live(long seed, boolean inWords) throws Exception {
        long begin = System.nanoTime();
        SimulatedNetwork network = new SimulatedNetwork(seed, inWords);
        Failures failures = new Failures(network, seed, HOURS);
        KeyWatch keys = new KeyWatch();
        network.begin();
        Instant expected = Instant.EPOCH;
        int consensuses = 0;
        int worst = FETCHES_EACH_HOUR;
        for (int hour = 0; hour <= HOURS; hour++) {
            // Ten to: the consensus of this hour has long been fetched, the next is about to be voted on.
            network.world().run(Duration.ofHours(1));
            Instant now = network.world().clock().instant();
            if (now.isAfter(FIRST_HOURLY) && failures.isMajorityUp()) {
                expected = FIRST_HOURLY.plus(Duration.ofHours(hour - 1L));
                consensuses++;
            }
            String what = "seed " + seed + ", hour " + hour + ", " + failures;
            assertThat(network.world().failure())
                    .as("%s\n%s", what, network.trace().lastLines())
                    .isNull();
            check(network, failures, expected, hour, what);
            int pages = network.users().takeOk();
            check(network.users(), pages, failures, hour, what);
            worst = hour == 0 ? worst : Math.min(worst, pages);
            look(keys, network, failures, now);
            failures.pass(hour);
        }
        System.out.println("seed " + seed + ": " + HOURS + " hours, " + consensuses + " hourly consensuses, "
                + network.world().done() + " events, trace "
                + Long.toHexString(network.trace().hash()) + ", "
                + (System.nanoTime() - begin) / 1_000_000 + " ms; " + keys + "; "
                + network.users().all() + " pages, " + worst + " of " + FETCHES_EACH_HOUR + " in the worst hour; "
                + failures);
        keys.allIsRenewed(
                ALL_RELAYS,
                SimulatedNetwork.SIGNING_DAYS,
                SimulatedAuthority.RENEWALS,
                network.world().clock().instant(),
                HOURS);
    }

    /// Users notice what breaks, but not for long.
    private static void check(SimulatedUsers users, int ok, Failures failures, int hour, String what) {
        int failed = users.takeFailed();
        assertThat(users.wrong()).as(what).isZero();
        if (hour > 0) {
            assertThat(ok)
                    .as("%s: %s failed", what, failed)
                    .isGreaterThanOrEqualTo(FETCHES_EACH_HOUR - FETCHES_LOST_MAX);
        }
        if (hour > 0 && failures.isCalm(hour)) {
            assertThat(failed).as(what).isZero();
        }
    }

    private static void look(KeyWatch keys, SimulatedNetwork network, Failures failures, Instant now)
            throws IOException {
        int authority = 0;
        while (!failures.isUp(authority)) {
            authority++;
        }
        SimulatedAuthority by = network.authorities().get(authority);
        keys.look(by.consensus().orElseThrow(), by.descriptors(), now);
        keys.look(network.linkCertificates());
    }

    private static void check(SimulatedNetwork network, Failures failures, Instant expected, int hour, String what)
            throws IOException {
        for (int i = 0; i < SimulatedNetwork.AUTHORITIES; i++) {
            if (failures.isUp(i)) {
                String consensus = network.authorities().get(i).consensus().orElseThrow();
                assertThat(SimulatedAuthority.signatures(consensus)).as(what).isGreaterThanOrEqualTo(2);
                assertThat(SimulatedAuthority.flags(consensus))
                        .as(what)
                        .hasSize(ALL_RELAYS)
                        .allMatch(flags -> flags.containsAll(List.of("Running", "Valid", "V2Dir")));
                if (expected.isAfter(Instant.EPOCH)) {
                    assertThat(SimulatedAuthority.validAfter(consensus))
                            .as(what)
                            .isEqualTo(expected);
                }
                if (expected.isAfter(Instant.EPOCH) && failures.isSettled(i, hour)) {
                    assertThat(network.authorities().get(i).votedFor()).as(what).isEqualTo(ALL_RELAYS);
                }
                isBounded(Objects.requireNonNull(network.authorities().get(i).machine), 1, what);
                assertThat(network.authorities().get(i).disk.content()).as(what).hasSizeLessThan(FILES_MAX);
            }
        }
        for (int i = 0; i < SimulatedNetwork.HOSTS; i++) {
            SimulatedNetwork.HostMachine host = network.hosts().get(i);
            if (failures.isHostUp(i)) {
                serves(Objects.requireNonNull(host.host), expected, what);
                isBounded(Objects.requireNonNull(host.machine), host.relays.size(), what);
                assertThat(host.disk.content()).as(what).hasSizeLessThan(FILES_MAX);
            }
        }
        assertThat(network.world().connections()).as(what).isLessThan(CONNECTIONS_MAX);
        assertThat(network.errors())
                .as(what)
                .noneMatch(line -> failures.excused().stream().noneMatch(line::startsWith));
    }

    private static void serves(EngineHost host, Instant expected, String what) {
        for (InstanceStatus relay : host.status()) {
            assertThat(relay.state().word()).as("%s: %s", what, relay).isEqualTo("published");
            assertThat(relay.faults().keySet()).as("%s: %s", what, relay).noneMatch(it -> it.contains("own bug"));
        }
        if (expected.isAfter(Instant.EPOCH)) {
            assertThat(host.report().consensusValidAfter()).as(what).isEqualTo(Optional.of(expected));
        }
    }

    private static void isBounded(SimMachine machine, int relays, String what) {
        assertThat(machine.tasksAlive()).as(what).isLessThan(TASKS_EACH_MAX * (relays + 1));
    }

    @Test
    void theSameSeedDoesTheSameAgain() throws Exception {
        assertThat(hashOf(1)).isEqualTo(hashOf(1));
    }

    private static String hashOf(long seed) throws Exception {
        SimulatedNetwork network = new SimulatedNetwork(seed, false);
        network.begin();
        network.world().run(TWICE);
        assertThat(network.world().failure()).isNull();
        return Long.toHexString(network.trace().hash());
    }
}
