package sallyport.lab.overload;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import sallyport.lab.client.LabClient;
import sallyport.lab.load.ClientOpener;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.Mix;
import sallyport.lab.process.SallyportProcess;

/// Sends users through the exits that are not attacked, a phase at a time, and looks at our process
/// meanwhile.
public final class Watch {
    private static final long LOOK_MILLIS = 1_000;
    private static final long SEED = 1;
    private static final int USERS = 100_000;
    private static final int VISITS_MAX = 5_000;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long BUILD_NANOS_MAX = Duration.ofMinutes(2).toNanos();

    private final SallyportProcess sallyport;
    private final List<LabClient> clients;
    private final Mix mix;
    private final Duration phase;
    private final InetSocketAddress far;
    private final String name;

    /// @param clients of the users, all on one loop
    /// @param far a far end of loads
    /// @param name what is resolved
    public Watch(
            SallyportProcess sallyport,
            List<LabClient> clients,
            Mix mix,
            Duration phase,
            InetSocketAddress far,
            String name) {
        this.sallyport = sallyport;
        this.clients = clients;
        this.mix = mix;
        this.phase = phase;
        this.far = far;
        this.name = name;
    }

    /// Sends the same users as in every phase, and returns when the last of them is done.
    public Phase phase(String called) throws IOException, InterruptedException {
        Histogram builds = new ConcurrentHistogram(BUILD_NANOS_MAX, 3);
        clients.forEach(
                client -> client.watchBuilds(nanos -> builds.recordValue(Math.clamp(nanos, 0, BUILD_NANOS_MAX))));
        EventLoop loop = clients.getFirst().loop();
        long[] most = new long[2];
        Thread looking = Thread.ofVirtual().start(() -> look(most));
        long begin = System.nanoTime();
        double busy = busySeconds();
        Duration ours = sallyport.processorTime();
        LoadReport report = LoadRun.runOn(
                loop,
                // The same users at the same moments in each phase; their circuits of the last one are over.
                new LoadPlan(mix, WARM_UP, phase, USERS, SEED, VISITS_MAX, TIMEOUT, far, name),
                new ClientOpener(clients),
                List.of(sallyport.pid()));
        double seconds = (System.nanoTime() - begin) / 1e9;
        looking.interrupt();
        looking.join();
        return new Phase(
                called,
                report,
                builds,
                most[0],
                most[1],
                (busySeconds() - busy) / seconds,
                sallyport.processorTime().minus(ours).toNanos() / 1e9 / seconds);
    }

    private void look(long[] most) {
        try {
            while (true) {
                most[0] = Math.max(most[0], sallyport.residentBytes() / 1_000);
                try (Stream<Path> files = Files.list(Path.of("/proc", "" + sallyport.pid(), "fd"))) {
                    most[1] = Math.max(most[1], files.count());
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException | IOException over) {
            return;
        }
    }

    /// Of the whole machine since it was started, in core-seconds: user, nice, system and the interrupts'
    /// part.
    private static double busySeconds() throws IOException {
        String[] ticks = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
        long busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(ticks[i]);
        }
        return busy / 100.0;
    }
}
