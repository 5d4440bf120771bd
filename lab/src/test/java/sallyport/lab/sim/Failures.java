package sallyport.lab.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What breaks in the life of a network, drawn from a seed: one thing after the other, so that each has
/// time to mend.
final class Failures {
    // Each of them begins an hour into its time and is over two hours before its end.
    private static final int HOURS_EACH = 5;
    // Up to six seconds one way: a connection needs three of them before the first answer.
    private static final int SLOWNESS = 100;
    private static final int NOBODY = -1;

    /// What may break.
    enum Kind {
        ONE_AUTHORITY(2),
        TWO_AUTHORITIES(2),
        LOST_DISK(1),
        PARTITION(2),
        HOST(1),
        DISK(1),
        CONNECTIONS(1),
        SLOW(1);

        private final int hours;

        Kind(int hours) {
            this.hours = hours;
        }
    }

    /// @param which authority or host
    private record Failure(Kind kind, int which, int beginHour) {
        int endHour() {
            return beginHour + kind.hours;
        }
    }

    private final SimulatedNetwork network;
    private final List<Failure> drawn = new ArrayList<>();
    private final Set<Integer> authoritiesDown = new TreeSet<>();
    private final Set<String> excused = new TreeSet<>();
    private final Map<Integer, Integer> returned = new TreeMap<>();
    private int hostDown = NOBODY;
    private int lastHour = NOBODY;
    private int island = NOBODY;

    Failures(SimulatedNetwork network, long seed, int hours) {
        this.network = network;
        Random random = new Random(seed);
        List<Kind> kinds = new ArrayList<>();
        for (int hour = 1; hour + HOURS_EACH - 1 <= hours; hour += HOURS_EACH) {
            if (kinds.isEmpty()) {
                kinds.addAll(List.of(Kind.values()));
                Collections.shuffle(kinds, random);
            }
            drawn.add(new Failure(kinds.removeFirst(), random.nextInt(SimulatedNetwork.HOSTS), hour));
        }
    }

    /// What begins or ends at that hour does so now.
    void pass(int hour) throws Exception {
        for (Failure each : drawn) {
            if (each.beginHour() == hour) {
                begin(each);
                lastHour = each.endHour();
            } else if (each.endHour() == hour) {
                end(each, hour);
            }
        }
    }

    private void begin(Failure failure) {
        switch (failure.kind()) {
            case ONE_AUTHORITY, LOST_DISK -> takeDown(failure.which());
            case TWO_AUTHORITIES -> {
                takeDown(failure.which());
                takeDown((failure.which() + 1) % SimulatedNetwork.AUTHORITIES);
            }
            case HOST -> {
                hostDown = failure.which();
                network.crashHost(hostDown);
            }
            case DISK -> {
                excused.add("host" + failure.which());
                network.hosts().get(failure.which()).disk.fullAfter(0);
            }
            case CONNECTIONS -> network.cutLinks(failure.which());
            case PARTITION -> {
                island = failure.which();
                network.part(island, island);
            }
            case SLOW -> network.world().slow(SLOWNESS);
        }
    }

    private void takeDown(int authority) {
        authoritiesDown.add(authority);
        network.crashAuthority(authority);
    }

    private void end(Failure failure, int hour) throws Exception {
        switch (failure.kind()) {
            case ONE_AUTHORITY, TWO_AUTHORITIES, LOST_DISK -> {
                for (int authority : authoritiesDown) {
                    if (failure.kind() == Kind.LOST_DISK) {
                        network.authorities().get(authority).loseDisk();
                    }
                    network.startAuthority(authority);
                    returned.put(authority, hour);
                }
                authoritiesDown.clear();
            }
            case HOST -> {
                network.startHost(hostDown);
                hostDown = NOBODY;
            }
            case DISK -> network.hosts().get(failure.which()).disk.fullAfter(Integer.MAX_VALUE);
            case CONNECTIONS -> {}
            case PARTITION -> {
                returned.put(island, hour);
                island = NOBODY;
                network.world().part(List.of());
            }
            case SLOW -> network.world().slow(1);
        }
    }

    /// Whether an authority runs and can reach most others.
    boolean isUp(int authority) {
        return !authoritiesDown.contains(authority) && authority != island;
    }

    /// Whether it has been so for an hour and longer: then it has caught up.
    boolean isSettled(int authority, int hour) {
        return isUp(authority) && hour > returned.getOrDefault(authority, NOBODY) + 1;
    }

    /// Whether enough authorities are up for a consensus.
    boolean isMajorityUp() {
        return authoritiesDown.size() <= (SimulatedNetwork.AUTHORITIES - 1) / 2;
    }

    /// Whether a process runs and can reach most others.
    boolean isHostUp(int host) {
        return host != hostDown && host != island;
    }

    /// Whether nothing was broken in the last two hours.
    boolean isCalm(int hour) {
        return hour > lastHour + 1;
    }

    /// Machines that had a reason to complain.
    Set<String> excused() {
        return excused;
    }

    @Override
    public String toString() {
        return drawn.toString();
    }
}
