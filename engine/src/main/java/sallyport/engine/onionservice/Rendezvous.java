package sallyport.engine.onionservice;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.OnionServiceActivity;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.ByteKey;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.onionservice.OnionDuty.Role;

/// The rendezvous points of one instance: circuits of clients, each under the cookie that its service will name, and
/// the pairs that found each other.
///
/// A cookie is forgotten when its circuits are joined. C tor keeps it, and who names it again ends the joined circuits.
final class Rendezvous {
    private static final int COOKIE_LENGTH = 20;

    private final Supplier<NetworkParameters> parameters;
    private final FaultCounters faults;
    private final RelayStatistics statistics;
    private final Map<ByteKey, OnionDuty> points = new HashMap<>();
    private int joined;
    private long everJoined;

    Rendezvous(Supplier<NetworkParameters> parameters, FaultCounters faults, RelayStatistics statistics) {
        this.parameters = parameters;
        this.faults = faults;
        this.statistics = statistics;
    }

    int points() {
        return points.size();
    }

    int joined() {
        return joined;
    }

    long everJoined() {
        return everJoined;
    }

    void establish(OnionDuty client, byte[] array, int at, int length) throws ProtocolViolation {
        if (client.isPlain() && client.circuit().isFromClient() && refusesSingleHops()) {
            // As C tor: no answer, so that who tries has to wait.
            client.tally(Tally.ESTABLISH_RENDEZVOUS_SINGLE_HOP);
            faults.count("ESTABLISH_RENDEZVOUS of a single-hop client");
            return;
        }
        client.needFit(Tally.ESTABLISH_RENDEZVOUS_UNSUITABLE, "ESTABLISH_RENDEZVOUS on a circuit that is not fit");
        if (length != COOKIE_LENGTH) {
            throw client.violation(Tally.ESTABLISH_RENDEZVOUS_MALFORMED, "ESTABLISH_RENDEZVOUS of another length");
        }
        ByteKey cookie = cookie(array, at);
        if (points.putIfAbsent(cookie, client) != null) {
            throw client.violation(
                    Tally.ESTABLISH_RENDEZVOUS_DUPLICATE, "ESTABLISH_RENDEZVOUS with a cookie that is in use");
        }
        client.become(Role.RENDEZVOUS_POINT, cookie);
        client.tally(Tally.ESTABLISH_RENDEZVOUS_SUCCESS);
        client.circuit().send(RelayCommand.RENDEZVOUS_ESTABLISHED, new byte[0]);
    }

    void join(OnionDuty service, byte[] array, int at, int length) throws ProtocolViolation {
        service.needFit(Tally.RENDEZVOUS1_UNSUITABLE, "RENDEZVOUS1 on a circuit that is not fit");
        if (length < COOKIE_LENGTH) {
            throw service.violation(Tally.RENDEZVOUS1_MALFORMED, "RENDEZVOUS1 too short");
        }
        OnionDuty client = points.remove(cookie(array, at));
        if (client == null) {
            throw service.violation(Tally.RENDEZVOUS1_UNKNOWN_COOKIE, "RENDEZVOUS1 with an unknown cookie");
        }
        byte[] answer = Arrays.copyOfRange(array, at + COOKIE_LENGTH, at + length);
        client.circuit().send(RelayCommand.RENDEZVOUS2, answer);
        service.joinWith(client);
        joined++;
        everJoined++;
        service.tally(Tally.RENDEZVOUS1_SUCCESS);
    }

    /// A relay cell passes from one circuit of a pair to the other.
    void relayed() {
        OnionServiceActivity activity = statistics.onionServices();
        if (activity != null) {
            activity.relayed();
        }
    }

    void forget(ByteKey cookie) {
        points.remove(cookie);
    }

    /// A joined pair has ended.
    void parted() {
        joined--;
    }

    private boolean refusesSingleHops() {
        return parameters.get().get("DoSRefuseSingleHopClientRendezvous", 0, 1, 0) == 1;
    }

    private static ByteKey cookie(byte[] array, int at) {
        return new ByteKey(Arrays.copyOfRange(array, at, at + COOKIE_LENGTH));
    }
}
