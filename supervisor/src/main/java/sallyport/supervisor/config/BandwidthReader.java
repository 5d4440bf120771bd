package sallyport.supervisor.config;

import org.jspecify.annotations.Nullable;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;

/// Reads `bandwidth { ... }` of one relay.
final class BandwidthReader {
    // C tor's least figures for relays: RELAY_REQUIRED_MIN_BANDWIDTH, and half of it for what is promised.
    static final long RATE_MIN = 75L << 10;
    private static final long ADVERTISED_MIN = RATE_MIN / 2;
    private static final String TOO_SLOW = "too slow to be of use";
    // C tor's greatest: its descriptors hold 31 bits.
    private static final long RATE_MAX = Integer.MAX_VALUE;

    private BandwidthReader() {}

    static BandwidthRates read(Section relay, boolean testing) {
        Value value = relay.optional("bandwidth");
        Section section = value == null ? null : value.section("{ relay-rate = 10 MiB }");
        if (section == null) {
            return rates(null, null, Rate.UNLIMITED.bytesPerSecond(), 0, 0, testing);
        }
        Rate all = rate(section, "rate", "burst", RATE_MAX);
        Rate relayed = rate(section, "relay-rate", "relay-burst", RATE_MAX);
        long advertisedMax =
                bytes(section, "advertised-max", ADVERTISED_MIN, "37.5 KiB", Rate.UNLIMITED.bytesPerSecond(), RATE_MAX);
        long connectionRate = bytes(section, "connection-rate", 1, "1 B", 0, RATE_MAX);
        long connectionBurst = bytes(section, "connection-burst", 1, "1 B", 0, RATE_MAX);
        boolean countPrivate = section.flag("count-private", testing);
        section.finish();
        return rates(all, relayed, advertisedMax, connectionRate, connectionBurst, countPrivate);
    }

    /// As in C tor, a limit of relayed traffic that is above the default of all traffic raises that.
    private static BandwidthRates rates(
            @Nullable Rate all,
            @Nullable Rate relayed,
            long advertisedMax,
            long connectionRate,
            long connectionBurst,
            boolean countPrivate) {
        Rate most = all == null ? Rate.UNLIMITED : all;
        return new BandwidthRates(
                relayed == null ? most : most.atLeast(relayed),
                relayed == null ? Rate.UNLIMITED : relayed,
                advertisedMax,
                connectionRate,
                connectionBurst,
                countPrivate);
    }

    /// Null where nothing is limited. One figure stands for the other where that is missing.
    static @Nullable Rate rate(Section section, String rateKey, String burstKey, long most) {
        long rate = bytes(section, rateKey, RATE_MIN, "75 KiB", 0, most);
        long burst = bytes(section, burstKey, RATE_MIN, "75 KiB", 0, most);
        if (rate == 0 && burst == 0) {
            return null;
        }
        if (burst != 0 && burst < rate) {
            section.problem(
                    section.keyOf(burstKey), "is less than " + rateKey, "write as much as " + rateKey + ", or more");
            return null;
        }
        return new Rate(rate == 0 ? burst : rate, burst == 0 ? rate : burst);
    }

    private static long bytes(Section section, String key, long least, String leastShown, long otherwise, long most) {
        Value value = section.optional(key);
        Long bytes = value == null ? null : value.size(least, leastShown, TOO_SLOW);
        if (value == null || bytes == null) {
            return otherwise;
        }
        if (bytes > most) {
            value.problem(
                    "is " + value.shown() + ", more than "
                            + (most == RATE_MAX ? "a descriptor can say" : "any network carries"),
                    "write less than " + (most == RATE_MAX ? "2 GiB" : "1 TiB"));
            return otherwise;
        }
        return bytes;
    }
}
