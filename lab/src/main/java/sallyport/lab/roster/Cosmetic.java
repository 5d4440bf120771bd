package sallyport.lab.roster;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.RouterDescriptor;

/// Whether a newer descriptor says nothing new (C tor's router_differences_are_cosmetic): then authorities
/// keep the one they have, so that nobody downloads another for nothing.
final class Cosmetic {
    // As C tor (ROUTER_MAX_COSMETIC_TIME_DIFFERENCE, ROUTER_ALLOW_UPTIME_DRIFT).
    private static final Duration AGE_DIFFERENCE_MAX = Duration.ofHours(2);
    private static final long UPTIME_DRIFT_SECONDS_MAX = 6 * 60 * 60;
    private static final double UPTIME_DRIFT_MAX = 0.05;

    private Cosmetic() {}

    /// @param older of the same identity
    static boolean differ(HeldDescriptor older, HeldDescriptor newer) {
        return saysTheSame(older, newer)
                && offersTheSame(older.offered(), newer.offered())
                && !older.published().plus(AGE_DIFFERENCE_MAX).isBefore(newer.published())
                && hasRunThrough(older, newer);
    }

    private static boolean saysTheSame(HeldDescriptor older, HeldDescriptor newer) {
        RouterDescriptor a = older.relay().verified();
        RouterDescriptor b = newer.relay().verified();
        return a.orAddresses().equals(b.orAddresses())
                && a.nickname().equalsIgnoreCase(b.nickname())
                && older.relay().dirPort() == newer.relay().dirPort()
                && Objects.deepEquals(older.relay().onionKey(), newer.relay().onionKey())
                && older.platform().equalsIgnoreCase(newer.platform())
                && Objects.equals(lower(older.contact()), lower(newer.contact()))
                && older.hibernating() == newer.hibernating()
                && older.policyLines().equals(newer.policyLines())
                && older.servesDirectory() == newer.servesDirectory()
                && lower(older.relay().family()).equals(lower(newer.relay().family()));
    }

    private static boolean offersTheSame(HeldDescriptor.Offered older, HeldDescriptor.Offered newer) {
        return older.observed() >= newer.observed() / 2
                && newer.observed() >= older.observed() / 2
                && older.rate() == newer.rate()
                && older.burst() == newer.burst();
    }

    private static boolean hasRunThrough(HeldDescriptor older, HeldDescriptor newer) {
        long passed = Duration.between(older.published(), newer.published()).toSeconds();
        long drift = Math.abs(newer.uptimeSeconds() - (older.uptimeSeconds() + passed));
        return drift <= UPTIME_DRIFT_SECONDS_MAX
                || drift <= older.uptimeSeconds() * UPTIME_DRIFT_MAX
                || drift <= newer.uptimeSeconds() * UPTIME_DRIFT_MAX;
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static List<String> lower(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }
}
