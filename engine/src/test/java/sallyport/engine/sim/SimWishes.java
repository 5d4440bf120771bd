package sallyport.engine.sim;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import sallyport.engine.cell.EndReason;

/// Draws what clients want from the servers.
final class SimWishes {
    private static final String LITERAL = "203.0.113.5";

    private static final List<SimServers.Manner> MANNERS = List.of(SimServers.Manner.values());
    private static final List<SimDns.Answer> ANSWERS = List.of(SimDns.Answer.values());

    private final SplittableRandom random;
    private final int bytesMax;
    private final boolean flood;
    private int names;

    SimWishes(SplittableRandom random, int bytesMax, boolean flood) {
        this.random = random;
        this.bytesMax = bytesMax;
        this.flood = flood;
    }

    /// @param mayBegin whether the hop takes BEGIN from this client
    SimStream.Wish next(boolean mayBegin) {
        SimStream.Wish wish = draw();
        boolean refused = !mayBegin && !wish.resolve();
        return refused ? plain(LITERAL, SimServers.PORT, EnumSet.of(EndReason.TORPROTOCOL)) : wish;
    }

    private SimStream.Wish draw() {
        int kind = random.nextInt(100);
        if (kind < 55) {
            return transfer();
        }
        if (kind < 61) {
            return plain(LITERAL, SimServers.REFUSED_PORT, EnumSet.of(EndReason.CONNECTREFUSED));
        }
        if (kind < 63) {
            return plain(LITERAL, SimServers.SILENT_PORT, EnumSet.of(EndReason.TIMEOUT));
        }
        if (kind < 68) {
            return plain(LITERAL, SimServers.FORBIDDEN_PORT, EnumSet.of(EndReason.EXITPOLICY));
        }
        if (kind < 71) {
            // A way back into the network.
            return plain("192.0.2.10", SimRelay.PORT, EnumSet.of(EndReason.CONNECTREFUSED));
        }
        SimDns.Answer answer = ANSWERS.get(random.nextInt(ANSWERS.size()));
        String host = answer.host(random.nextInt(3) == 0 ? 0 : ++names);
        return kind < 86
                ? plain(host, SimServers.PORT, ends(answer))
                : new SimStream.Wish(host, 0, SimServers.Manner.PLAIN, 0, 0, ends(answer), false, true);
    }

    private static Set<EndReason> ends(SimDns.Answer answer) {
        return switch (answer) {
            case GOOD, FORGED -> EnumSet.of(EndReason.DONE);
            case SLOW, LOSSY, TRUNCATED -> EnumSet.of(EndReason.DONE, EndReason.RESOLVEFAILED);
            case NONE, SERVFAIL, SILENT -> EnumSet.of(EndReason.RESOLVEFAILED);
        };
    }

    private SimStream.Wish transfer() {
        SimServers.Manner manner = MANNERS.get(random.nextInt(MANNERS.size()));
        boolean reset = manner == SimServers.Manner.RESETTING;
        return new SimStream.Wish(
                random.nextInt(3) == 0 ? SimDns.Answer.GOOD.host(random.nextInt(5)) : LITERAL,
                SimServers.PORT,
                manner,
                bytes(),
                flood && random.nextBoolean() ? 60_000 + random.nextInt(140_000) : bytes(),
                EnumSet.of(reset ? EndReason.CONNRESET : EndReason.DONE),
                random.nextBoolean(),
                false);
    }

    private SimStream.Wish plain(String host, int port, Set<EndReason> ends) {
        int upload = random.nextInt(2000);
        return new SimStream.Wish(
                host, port, SimServers.Manner.PLAIN, upload, random.nextInt(2000), ends, random.nextBoolean(), false);
    }

    private int bytes() {
        int kind = random.nextInt(100);
        if (kind < 30) {
            return 0;
        }
        int most = kind < 75 ? 2000 : kind < 94 ? 40_000 : kind < 99 ? 200_000 : 600_000;
        return random.nextInt(Math.min(most, bytesMax));
    }
}
