package sallyport.engine.sim;

import java.util.Locale;
import java.util.Set;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.cell.EndMessage;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.ResolveMessage;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.XonBody;

/// A client's stream: what it asked for must come, complete and in order, or end for the reason that fits.
final class SimStream {
    /// What the client wants.
    ///
    /// @param host a name, or the literal address of the servers
    /// @param endsWith how a stream may end that nobody disturbs; DONE: with everything there
    /// @param optimistic whether data follows BEGIN at once
    /// @param resolve whether it is a RESOLVE
    record Wish(
            String host,
            int port,
            SimServers.Manner manner,
            int upload,
            int download,
            Set<EndReason> endsWith,
            boolean optimistic,
            boolean resolve) {}

    private static final int WINDOW_CELLS = 500;
    private static final int INCREMENT_CELLS = 50;

    private final Scenario scenario;
    private final SimCarrier circuit;
    private final int hop;
    private final Wish wish;
    private final int key;
    private int id;
    private boolean connected;
    private boolean over;
    private String end = "not begun";
    private int packageCells = WINDOW_CELLS;
    private int sentBytes;
    private int receivedBytes;
    private int receivedCells;
    private boolean headSent;
    // XOFF came, and XON did not yet; and the same the other way.
    private boolean stopped;
    private boolean stopping;

    SimStream(Scenario scenario, SimCarrier circuit, int hop, Wish wish, int key) {
        this.scenario = scenario;
        this.circuit = circuit;
        this.hop = hop;
        this.wish = wish;
        this.key = key;
    }

    int hop() {
        return hop;
    }

    boolean isOver() {
        return over;
    }

    void begin() {
        if (over) {
            return;
        }
        id = circuit.add(this);
        end = "begun";
        if (wish.resolve()) {
            circuit.send(hop, RelayCommand.RESOLVE, id, new ResolveMessage(wish.host()).encode());
            return;
        }
        byte[] begin = new BeginMessage(Destination.of(wish.host(), wish.port()), 0).encode();
        circuit.send(hop, RelayCommand.BEGIN, id, begin);
        if (wish.optimistic()) {
            pump();
        }
    }

    /// The client loses interest.
    void abandon() {
        if (!over && id != 0) {
            circuit.send(
                    hop, RelayCommand.END, id, EndMessage.of(EndReason.DONE).encode());
            circuit.forget(id);
            over("abandoned");
        }
    }

    /// The circuit has ended, or this part of it.
    void onGone(String why) {
        over(why);
    }

    /// Sends what the windows allow.
    void pump() {
        if (over || id == 0 || wish.resolve() || (!connected && !wish.optimistic()) || circuit.isEnded()) {
            return;
        }
        while (mayPackage() && circuit.hasRoom(hop) && (!headSent || sentBytes < wish.upload())) {
            Writer data = new Writer(RelayCell.DATA_MAX);
            if (!headSent) {
                headSent = true;
                data.bytes(SimServers.request(wish.manner(), key, wish.upload(), wish.download()));
            }
            int most = 1 + scenario.below(RelayCell.DATA_MAX - data.size());
            int length =
                    Math.min(scenario.chance(4) ? most : RelayCell.DATA_MAX - data.size(), wish.upload() - sentBytes);
            for (int i = 0; i < length; i++) {
                data.u8(SimServers.at(~key, sentBytes++) & 0xff);
            }
            packageCells--;
            circuit.send(hop, RelayCommand.DATA, id, data.toBytes());
        }
    }

    private boolean mayPackage() {
        return hasCongestionControl() ? !stopped : packageCells > 0;
    }

    void onMessage(int command, byte[] body) {
        if (over) {
            return;
        }
        switch (command) {
            case RelayCommand.CONNECTED -> {
                check(!connected && !wish.resolve(), "CONNECTED out of place");
                connected = true;
                end = "connected";
                pump();
            }
            case RelayCommand.DATA -> onData(body);
            case RelayCommand.XOFF -> {
                check(hasCongestionControl() && !stopped, "XOFF out of place");
                scenario.count("XOFF");
                stopped = true;
            }
            case RelayCommand.XON -> {
                check(hasCongestionControl() && connected, "XON out of place");
                scenario.count("XON");
                stopped = false;
                pump();
            }
            case RelayCommand.SENDME -> {
                check(!hasCongestionControl(), "a stream's SENDME under congestion control");
                packageCells += INCREMENT_CELLS;
                check(packageCells <= WINDOW_CELLS, "a SENDME too many");
                pump();
            }
            case RelayCommand.END -> onEnd(body);
            case RelayCommand.RESOLVED -> onResolved(body);
            default -> check(false, "relay command " + command);
        }
    }

    private void onData(byte[] body) {
        check(connected, "DATA before CONNECTED");
        for (byte value : body) {
            if (receivedBytes >= wish.download() || value != SimServers.at(key, receivedBytes)) {
                check(false, "a wrong byte at " + receivedBytes + " of " + wish.download());
                return;
            }
            receivedBytes++;
        }
        if (hasCongestionControl()) {
            considerStop();
        } else if (++receivedCells % INCREMENT_CELLS == 0) {
            scenario.later(scenario.readerNanos(), () -> {
                if (!over) {
                    circuit.send(hop, RelayCommand.SENDME, id, new byte[0]);
                }
            });
        }
    }

    /// Lets the server's bytes wait, now and then, and takes them more slowly afterwards.
    private void considerStop() {
        if (stopping || !scenario.chance(30)) {
            return;
        }
        stopping = true;
        circuit.send(hop, RelayCommand.XOFF, id, XonBody.xoff());
        scenario.later(scenario.readerNanos(), () -> {
            stopping = false;
            if (!over) {
                long kbps = scenario.chance(2) ? 0 : 20 + scenario.below(5000);
                circuit.send(hop, RelayCommand.XON, id, new XonBody(kbps).encode());
            }
        });
    }

    private boolean hasCongestionControl() {
        return circuit.hasCongestionControl(hop);
    }

    private void onEnd(byte[] body) {
        EndReason reason;
        try {
            reason = EndMessage.decode(body, 0, body.length).reason();
        } catch (ProtocolViolation e) {
            check(false, "END that cannot be read");
            return;
        }
        scenario.count("END " + reason);
        if (!wish.endsWith().contains(reason)) {
            check(scenario.mayEnd(reason), "ended for " + reason + " instead of " + wish.endsWith());
        } else if (reason == EndReason.DONE) {
            check(receivedBytes == wish.download(), "ended after " + receivedBytes + " of " + wish.download());
            long uploaded = scenario.servers().uploaded(key);
            boolean all = uploaded == wish.upload() || wish.manner() == SimServers.Manner.HASTY;
            check(all, "the server got " + uploaded + " of " + wish.upload());
        }
        circuit.forget(id);
        over("ended for " + reason);
    }

    private void onResolved(byte[] body) {
        check(wish.resolve(), "RESOLVED out of place");
        try {
            var answers = ResolvedMessage.decode(body, 0, body.length).answers();
            boolean found = answers.getFirst().type() == ResolvedMessage.IPV4;
            boolean right = found && java.util.Arrays.equals(answers.getFirst().value(), SimServers.IP);
            boolean mayFail =
                    wish.endsWith().contains(EndReason.RESOLVEFAILED) || scenario.mayEnd(EndReason.RESOLVEFAILED);
            check(right ? wish.endsWith().contains(EndReason.DONE) : !found && mayFail, "a wrong answer for a name");
            scenario.count(found ? "RESOLVED" : "RESOLVED error");
        } catch (ProtocolViolation e) {
            check(false, "RESOLVED that cannot be read");
        }
        circuit.forget(id);
        over("resolved");
    }

    private void over(String why) {
        if (!over) {
            over = true;
            end = why;
            scenario.onStreamOver();
        }
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            scenario.world().fail("stream " + this + ": " + what);
        }
    }

    @Override
    public String toString() {
        return "%d at hop %d to %s:%d %s %s, %d of %d up, %d of %d down"
                .formatted(
                        id,
                        hop,
                        wish.host(),
                        wish.port(),
                        wish.manner(),
                        end.toLowerCase(Locale.ROOT),
                        sentBytes,
                        wish.upload(),
                        receivedBytes,
                        wish.download());
    }
}
