package sallyport.lab.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sallyport.lab.network.Loopback;

/// A handful of what `sallyport.benchmarks.ApplyKills` does a hundred times; it throws at the first
/// difference.
class KilledAppliesTest {
    @Test
    void whateverIsKilledTheNextApplyComesToTheSameState() throws Exception {
        try (Leash leash = Leash.fresh("killed-applies-", Duration.ofMinutes(10));
                Loopback loopback = Loopback.take()) {
            List<String> pool = Stream.generate(loopback::freshAddress).limit(6).toList();
            KilledApplies kills = new KilledApplies(leash, pool, System.nanoTime());
            kills.kill();
            kills.kill();
            kills.killBesideAProcess(true);
        }
    }
}
