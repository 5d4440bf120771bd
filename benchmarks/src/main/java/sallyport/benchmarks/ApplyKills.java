package sallyport.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import sallyport.lab.network.Loopback;
import sallyport.lab.process.KilledApplies;
import sallyport.lab.process.Leash;

/// `kill -9` at random moments of `apply`: whether the next apply comes to the state that an undisturbed
/// one comes to.
///
/// Arguments: kills beside no process (default 100), a seed (default 1), kills beside a running process
/// (default 20), every second of which hits the process. Ends with an exception at the first difference.
public final class ApplyKills {
    private static final int ADDRESSES = 6;

    private ApplyKills() {}

    public static void main(String[] arguments) throws Exception {
        int alone = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int beside = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        Map<String, Integer> left = new TreeMap<>();
        try (Leash leash = Leash.fresh("apply-kills-", Duration.ofHours(2));
                Loopback loopback = Loopback.take()) {
            List<String> pool =
                    Stream.generate(loopback::freshAddress).limit(ADDRESSES).toList();
            KilledApplies kills = new KilledApplies(leash, pool, seed);
            for (int i = 0; i < alone + beside; i++) {
                KilledApplies.Kill kill = i < alone ? kills.kill() : kills.killBesideAProcess(i % 2 == 1);
                System.err.println(i + ": " + kill);
                left.merge((i < alone ? "" : "beside a process, ") + kill.left(), 1, Integer::sum);
            }
        }
        left.forEach((what, times) -> System.out.println(times + " x " + what));
        System.out.println("the same state after each");
    }
}
