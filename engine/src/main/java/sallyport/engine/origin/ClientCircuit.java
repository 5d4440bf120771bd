package sallyport.engine.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.conflux.LegCircuit;
import sallyport.engine.flow.CongestionWindow;
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.flow.FixedWindow;
import sallyport.engine.flow.PackageWindow;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.TagRandomness;
import sallyport.engine.flow.VegasParameters;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.World;

/// A client's circuit to an exit, with the flow control of both ends and the streams on it (tor-spec "Flow
/// control", proposal 324); or the leg of a [ClientSet], whose streams they are. Made by [ClientLinks];
/// every method runs on its loop. A relay of the path that breaks a rule ends this circuit and nothing
/// else, but for the set that cannot go on without it.
final class ClientCircuit implements ClientPath, LegCircuit {
    private static final long NANOS_PER_MICRO = 1000;
    // Specification: version 1 since 0.4.1; an exit that sends none has nothing to prove.
    private static final int SENDME_VERSION = 1;

    private final World world;
    private final EventLoop loop;
    private final Supplier<NetworkParameters> parameters;
    private final FaultCounters faults;
    private final Runnable whenOver;
    private final PathListener listener;
    private final @Nullable ClientLeg leg;

    private int hops;
    private boolean over;
    private @Nullable Built built;

    /// What there is once every hop has answered.
    private record Built(
            OriginCircuit circuit,
            RelayCellFormat format,
            PackageWindow window,
            DeliverWindow deliver,
            TagRandomness randomness,
            ClientStreams streams) {}

    /// @param set that it is to be a leg of; null: its streams are its own
    /// @param faults counts what relays do wrong
    /// @param whenOver runs when it has ended, before the listener hears of it
    ClientCircuit(
            World world,
            EventLoop loop,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            @Nullable ClientSet set,
            Runnable whenOver,
            PathListener listener) {
        this.world = world;
        this.loop = loop;
        this.parameters = parameters;
        this.faults = faults;
        this.whenOver = whenOver;
        this.listener = listener;
        this.leg = set == null ? null : new ClientLeg(this, set);
    }

    private Built of(OriginCircuit circuit) {
        NetworkParameters voted = parameters.get();
        int increment = circuit.terms().sendmeIncrement();
        boolean controlled = increment > 0;
        int start = voted.get(
                "circwindow", FixedWindow.START_CELLS_MIN, FixedWindow.START_CELLS_MAX, FixedWindow.START_CELLS_MAX);
        return new Built(
                circuit,
                circuit.format(),
                controlled ? new CongestionWindow(VegasParameters.ofExit(voted), increment) : new FixedWindow(start),
                new DeliverWindow(controlled ? increment : DeliverWindow.FIXED_INCREMENT_CELLS),
                new TagRandomness(world.entropy(), circuit.format()),
                leg == null
                        ? new ClientStreams(
                                world, loop, this, controlled ? StreamSignalParameters.ofClient(voted) : null)
                        : leg.set().streams());
    }

    @Override
    public boolean isOpen() {
        return built != null && !over;
    }

    @Override
    public boolean mayOpen() {
        return built != null && built.streams().mayOpen();
    }

    @Override
    public int openStreams() {
        return built == null ? 0 : built.streams().open();
    }

    @Override
    public ClientStream begin(Destination destination, int flags, ClientStream.Events events) {
        return streams().begin(destination, flags, events);
    }

    @Override
    public ClientStream resolve(String name, ClientStream.Events events) {
        return streams().resolve(name, events);
    }

    private ClientStreams streams() {
        if (built == null) {
            throw new IllegalStateException("a stream on a circuit that is not built");
        }
        return built.streams();
    }

    @Override
    public void end() {
        if (built != null) {
            built.circuit().end();
        }
    }

    @Override
    public void endCircuit(DestroyReason reason) {
        // tor-spec "Tearing down circuits": a client gives no reason.
        end();
    }

    // What streams do

    @Override
    public boolean awaitsSendme() {
        return built != null && built.window() instanceof CongestionWindow window && window.awaitsSendme();
    }

    @Override
    public boolean ready() {
        Built now = built;
        return now != null && !over && now.window().isOpen() && !now.circuit().isQueueFull();
    }

    @Override
    public int sendData(int streamId, ByteBuf source) {
        Built now = built;
        if (now == null) {
            return 0;
        }
        int length = now.randomness().take(source.readableBytes());
        byte[] tag = now.circuit().sendData(streamId, source, length);
        if (tag != null && now.window().dataSent()) {
            now.window().await(tag, nowMicros());
        }
        return tag == null ? 0 : length;
    }

    @Override
    public void send(int streamId, int relayCommand, byte[] body) {
        Built now = built;
        if (now != null && !over) {
            now.circuit().send(relayCommand, streamId, body, 0, body.length);
        }
    }

    // What comes

    private void onMessage(Built now, Cell cell, byte[] tag) throws ProtocolViolation {
        RelayCellFormat format = now.format();
        int command = format.command(cell);
        int length = format.length(cell);
        int at = Cell.BODY + format.dataAt(command);
        int streamId = format.streamId(cell);
        if (command == RelayCommand.DATA && now.deliver().dataArrived()) {
            send(0, RelayCommand.SENDME, new SendmeBody(SENDME_VERSION, tag).encode());
        }
        if (command == RelayCommand.SENDME && streamId == 0) {
            onSendme(now, cell.array(), at, length);
        } else if (leg != null) {
            onLeg(now, leg, command, streamId, cell.array(), at, length);
        } else {
            now.streams().onMessage(command, streamId, cell.array(), at, length);
        }
    }

    private void onSendme(Built now, byte[] array, int offset, int length) throws ProtocolViolation {
        SendmeBody body = PackageWindow.read(array, offset, length, SENDME_VERSION);
        now.window()
                .sendme(
                        body,
                        nowMicros(),
                        now.circuit().isQueueFull(),
                        now.circuit().queuedCells());
        if (leg != null && now.window() instanceof CongestionWindow window) {
            leg.measured(window.roundTripMicros());
        }
        now.streams().resume();
    }

    private void onLeg(Built now, ClientLeg on, int command, int streamId, byte[] array, int offset, int length)
            throws ProtocolViolation {
        if (!ClientLeg.isConflux(command)) {
            on.received(command, streamId, array, offset, length);
        } else if (on.onMessage(command, array, offset, length, nowMicros())) {
            now.circuit().keep();
            listener.built(this);
        }
    }

    private long nowMicros() {
        return world.ticker().nanoTime() / NANOS_PER_MICRO;
    }

    /// The circuit's ear; nobody else is to call it.
    OriginCircuit.User user() {
        return new OriginCircuit.User() {
            @Override
            public void extended() {
                hops++;
            }

            @Override
            public void built(OriginCircuit circuit) {
                built = of(circuit);
                if (leg == null) {
                    circuit.keep();
                    listener.built(ClientCircuit.this);
                } else if (circuit.terms().sendmeIncrement() == 0 || leg.set().isOver()) {
                    // As C tor: an exit that grants no congestion control cannot be asked to link.
                    circuit.end();
                } else {
                    leg.begin(nowMicros());
                }
            }

            @Override
            public void message(Cell cell, byte[] tag) throws Malformed, ProtocolViolation {
                if (built != null) {
                    onMessage(built, cell, tag);
                }
            }

            @Override
            public void violated(String what) {
                faults.count(what);
            }

            @Override
            public void queueLow() {
                if (built != null) {
                    built.streams().resume();
                }
            }

            @Override
            public void ended() {
                over = true;
                if (leg != null) {
                    leg.left();
                } else if (built != null) {
                    built.streams().close();
                }
                whenOver.run();
                listener.ended(hops);
            }
        };
    }
}
