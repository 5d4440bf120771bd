package sallyport.lab.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.lab.path.Path;

/// Builds one conflux set (proposal 329; C tor's conflux_pool.c): its legs at the same time, each with a
/// guard and a middle that no other has, and another for one that fails, a few times. The set is built when
/// no leg is under way any more and at least one is linked; with none it has failed. Runs on the client's
/// loop.
final class SetBuilder {
    // Specification: param-spec, `cfx_num_legs_set` and `cfx_max_unlinked_leg_retry`.
    private static final int LEGS = 2;
    private static final int RETRIES = 3;
    private static final int BYTE_MAX = 255;

    /// A set that has no leg yet.
    interface Legs {
        /// See [sallyport.engine.origin.ClientLinks#openLeg].
        boolean open(List<Hop> path, PathListener listener);

        /// What carries the streams.
        ClientPath path();

        /// How many are linked.
        int linked();
    }

    /// Whom paths may go through, and what becomes of them.
    interface Paths {
        /// Another way to the same exit, beside those; null: there is none.
        @Nullable
        Path another(List<Path> beside);

        /// As the relays' hops.
        List<Hop> hops(Path path);

        /// Its exit linked it.
        void linked(Path path);

        /// It could not even be tried.
        void unopened(Path path);

        /// The path ended before it was linked, after so many hops.
        void failed(Path path, int hops);
    }

    private final Paths paths;
    private final PathListener listener;
    private final List<Path> used = new ArrayList<>();
    private final int legs;
    private final int launchesMax;
    private @Nullable Legs set;
    private int launched;
    private int underWay;
    private int lastHops;
    private boolean launching;
    private boolean told;
    private boolean over;

    /// @param listener hears of the set as of a circuit
    SetBuilder(NetworkParameters voted, Paths paths, PathListener listener) {
        this.paths = paths;
        this.listener = listener;
        this.legs = voted.get("cfx_num_legs_set", 0, BYTE_MAX, LEGS);
        this.launchesMax = legs + voted.get("cfx_max_unlinked_leg_retry", 0, BYTE_MAX, RETRIES);
    }

    /// Launches its legs.
    ///
    /// @param first of the paths
    /// @return false: not one could be opened, and the listener hears nothing
    boolean begin(Legs of, Path first) {
        set = of;
        launching = true;
        boolean any = launch(of, first);
        for (int leg = 1; any && leg < legs; leg++) {
            launchAnother(of);
        }
        launching = false;
        if (any) {
            look(of);
        }
        return any;
    }

    /// The set is over.
    void over() {
        if (over) {
            return;
        }
        over = true;
        if (told) {
            listener.ended(lastHops);
        } else if (set != null) {
            look(set);
        }
    }

    private void launchAnother(Legs of) {
        Path path = launched < launchesMax ? paths.another(used) : null;
        if (path != null) {
            launch(of, path);
        }
    }

    private boolean launch(Legs of, Path path) {
        launched++;
        underWay++;
        used.add(path);
        boolean opening = of.open(paths.hops(path), new PathListener() {
            private boolean linked;

            @Override
            public void built(ClientPath leg) {
                linked = true;
                underWay--;
                paths.linked(path);
                lastHops = path.relays().size();
                look(of);
            }

            @Override
            public void ended(int hops) {
                used.remove(path);
                if (!linked) {
                    underWay--;
                    lastHops = hops;
                    paths.failed(path, hops);
                    if (!over) {
                        launchAnother(of);
                    }
                    look(of);
                }
            }
        });
        if (!opening) {
            underWay--;
            used.remove(path);
            paths.unopened(path);
        }
        return opening;
    }

    private void look(Legs of) {
        if (underWay > 0 || launching || told) {
            return;
        }
        told = true;
        if (of.linked() > 0 && !over) {
            listener.built(of.path());
        } else {
            listener.ended(lastHops);
        }
    }
}
