package sallyport.engine.conflux;

import sallyport.engine.netdoc.NetworkParameters;

/// What the authorities voted on conflux, as far as an exit obeys it (proposal 329, section 6).
/// `cfx_drain_pct` and `cfx_send_pct` bear on a limit of switches that C tor has and never reaches; the
/// others are for clients.
///
/// @param enabled `cfx_enabled`
/// @param legsMax `cfx_max_legs_set`: circuits in one set
/// @param waitingBytesMax `cfx_max_oooq_bytes`: what one set may hold of messages that came too early
public record ConfluxParameters(boolean enabled, int legsMax, int waitingBytesMax) {
    private static final int LEGS_MIN = 3;
    private static final int LEGS_MAX = 255;
    private static final int LEGS = 8;

    public static ConfluxParameters of(NetworkParameters voted) {
        return new ConfluxParameters(
                voted.get("cfx_enabled", 0, 1, 1) != 0,
                voted.get("cfx_max_legs_set", LEGS_MIN, LEGS_MAX, LEGS),
                voted.get("cfx_max_oooq_bytes", 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }
}
