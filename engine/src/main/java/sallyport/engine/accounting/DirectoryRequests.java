package sallyport.engine.accounting;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sallyport.engine.world.Entropy;

/// Who fetches consensuses from us, and how fast (dir-spec `dirreq-stats-end` and what follows it).
/// Runs on: the instance's loop.
public final class DirectoryRequests implements Statistic {
    /// Why a consensus was not sent.
    public enum Refusal {
        /// Too few of the authorities that the client trusts have signed it.
        NOT_ENOUGH_SIGNATURES,
        /// There is none.
        UNAVAILABLE,
        /// There is none of that kind, or it is too old or too new.
        NOT_FOUND,
        /// The client has it.
        NOT_MODIFIED,
        /// We had too much to write.
        BUSY
    }

    /// What C tor writes for an address that its database does not know; we have no database.
    static final String NO_COUNTRY = "??";

    // C tor's IP_GRANULARITY, RESPONSE_GRANULARITY and DIR_REQ_GRANULARITY, as dir-spec has them.
    static final int ADDRESSES_ROUNDED_TO = 8;
    private static final int REQUESTS_ROUNDED_TO = 8;
    private static final int RESPONSES_ROUNDED_TO = 8;
    private static final int DOWNLOADS_ROUNDED_TO = 4;
    // dir-spec "dirreq-v3-direct-dl": no deciles of fewer than 16 downloads.
    private static final int DECILES_FROM_DOWNLOADS = 16;
    // C tor's DIRREQ_TIMEOUT: what is not done after so long never will be.
    private static final long TIMEOUT_SECONDS = 600;
    // Ours: how finely the unfinished are told apart by their age.
    private static final long SLOT_SECONDS = 30;

    private final UniqueCount addresses;
    private final Rates rates;
    private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
    private final int[] unfinished = new int[(int) (TIMEOUT_SECONDS / SLOT_SECONDS)];
    private long beginNanos;
    private long slot;
    private int served;
    private int sent;
    private int downloaded;

    DirectoryRequests(Entropy entropy) {
        addresses = new UniqueCount(entropy);
        rates = new Rates(entropy);
    }

    /// A consensus is being sent from now on.
    public void served(long nowNanos) {
        advance(nowNanos);
        served++;
        unfinished[place(slot)]++;
    }

    public void refused(Refusal why) {
        refused.merge(why, 1, Integer::sum);
    }

    /// The last of it was handed out.
    ///
    /// @param ip of the previous hop, 4 or 16 bytes; borrowed and not kept
    public void sent(byte[] ip) {
        sent++;
        addresses.add(ip);
    }

    /// The last of it left for the client.
    ///
    /// @param beganNanos what [#served] was told
    /// @param bytes of the answer
    public void downloaded(long beganNanos, long bytes, long nowNanos) {
        advance(nowNanos);
        if (beganNanos - beginNanos < 0) {
            return;
        }
        downloaded++;
        long began = slotOf(beganNanos);
        if (slot - began < unfinished.length) {
            unfinished[place(began)]--;
        }
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nowNanos - beganNanos));
        rates.add(1000 * bytes / millis);
    }

    @Override
    public void begin(long nowNanos) {
        addresses.clear();
        rates.clear();
        refused.clear();
        Arrays.fill(unfinished, 0);
        beginNanos = nowNanos;
        slot = 0;
        served = 0;
        sent = 0;
        downloaded = 0;
    }

    @Override
    public List<String> lines(String day, long nowNanos) {
        advance(nowNanos);
        int running = Arrays.stream(unfinished).sum();
        int timeouts = served - downloaded - running;
        return List.of(
                "dirreq-stats-end " + day,
                "dirreq-v3-ips " + country(addresses.count(), ADDRESSES_ROUNDED_TO),
                "dirreq-v3-reqs " + country(sent, REQUESTS_ROUNDED_TO),
                "dirreq-v3-resp served=" + response(served) + ",ok=" + response(sent) + ",not-enough-sigs="
                        + response(Refusal.NOT_ENOUGH_SIGNATURES) + ",unavailable=" + response(Refusal.UNAVAILABLE)
                        + ",not-found=" + response(Refusal.NOT_FOUND) + ",not-modified="
                        + response(Refusal.NOT_MODIFIED) + ",busy=" + response(Refusal.BUSY),
                // We have no DirPort.
                "dirreq-v3-direct-dl " + downloads(0, 0, 0),
                "dirreq-v3-tunneled-dl " + downloads(downloaded, timeouts, running) + deciles());
    }

    /// One country, the unknown one; nothing where nobody came.
    static String country(long number, int roundedTo) {
        return number == 0 ? "" : NO_COUNTRY + "=" + Rounding.up(number, roundedTo);
    }

    private long response(Refusal why) {
        return response(refused.getOrDefault(why, 0));
    }

    private static long response(int count) {
        return Rounding.up(count, RESPONSES_ROUNDED_TO);
    }

    private static String downloads(int complete, int timeouts, int running) {
        return "complete=" + Rounding.up(complete, DOWNLOADS_ROUNDED_TO) + ",timeout="
                + Rounding.up(timeouts, DOWNLOADS_ROUNDED_TO) + ",running="
                + Rounding.up(running, DOWNLOADS_ROUNDED_TO);
    }

    private String deciles() {
        return Rounding.up(downloaded, DOWNLOADS_ROUNDED_TO) < DECILES_FROM_DOWNLOADS ? "" : "," + rates.deciles();
    }

    private void advance(long nowNanos) {
        long now = slotOf(nowNanos);
        long from = Math.max(slot + 1, now - unfinished.length + 1);
        for (long passed = from; passed <= now; passed++) {
            unfinished[place(passed)] = 0;
        }
        slot = Math.max(slot, now);
    }

    private long slotOf(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos - beginNanos) / SLOT_SECONDS;
    }

    private int place(long of) {
        return (int) (of % unfinished.length);
    }
}
