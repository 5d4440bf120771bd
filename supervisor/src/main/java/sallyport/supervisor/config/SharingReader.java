package sallyport.supervisor.config;

import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.limits.BandwidthBudget;
import sallyport.engine.limits.Rate;
import sallyport.engine.limits.Sharing;
import sallyport.engine.limits.Shedding;

/// Reads how the relays of the process share what it has.
final class SharingReader {
    // Ours: more than a host's network carries; a number beyond it has a wrong unit.
    private static final long RATE_MAX = 1L << 40;

    private static final String KEY = "process.bandwidth";

    private SharingReader() {}

    /// @param process null: the file has no such section
    static Sharing read(@Nullable Section process) {
        Value value = process == null ? null : process.optional("bandwidth");
        Section section = value == null ? null : value.section("{ rate = 100 MiB }");
        Rate rate = section == null ? null : BandwidthReader.rate(section, "rate", "burst", RATE_MAX);
        if (section != null) {
            section.finish();
        }
        Value order = process == null ? null : process.optional("shedding");
        return new Sharing(
                rate == null ? BandwidthBudget.NO_LIMIT : rate, order == null ? Shedding.DEFAULT : shedding(order));
    }

    /// Each kind once, or the usual order and a problem for each that is not.
    private static List<Shedding> shedding(Value said) {
        Map<String, Optional<Shedding>> words = new LinkedHashMap<>();
        Shedding.DEFAULT.forEach(kind -> words.put(kind.word(), Optional.of(kind)));
        Set<Shedding> order = new LinkedHashSet<>();
        boolean good = true;
        for (Value each : said.list()) {
            Optional<Shedding> kind = each.word(words, Optional.empty());
            if (kind.isPresent() && !order.add(kind.get())) {
                each.problem("names " + kind.get().word() + " again", "name each once");
            }
            good &= kind.isPresent();
        }
        List<Shedding> missing = Shedding.missingFrom(List.copyOf(order));
        if (good && !missing.isEmpty()) {
            said.problem(
                    "does not name " + String.join(", ", Shedding.words(missing)),
                    "write all of " + String.join(", ", words.keySet()) + " in the order in which they give way");
        }
        return missing.isEmpty() ? List.copyOf(order) : Shedding.DEFAULT;
    }

    /// Whether so many relays of one process can work with it.
    static void check(Section file, Sharing sharing, int relays, Problems problems) {
        long needed = relays * BandwidthReader.RATE_MIN;
        ConfigValue said = Layer.at(file.object(), KEY);
        if (said != null && sharing.bandwidth().bytesPerSecond() < needed) {
            problems.add(
                    said.origin(),
                    KEY + ".rate",
                    "leaves each of " + relays + " relays less than 75 KiB, too slow to be of use",
                    "write " + needed / 1024 + " KiB or more, or have fewer relays");
        }
    }
}
