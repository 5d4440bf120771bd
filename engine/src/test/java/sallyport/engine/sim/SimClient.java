package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;

/// A client's link to its guard, and the circuits on it. Knows just enough of the protocol, and none of the engine's
/// link code: who speaks with himself never hears what he says wrong.
final class SimClient {
    private static final int CONNECT_MILLIS = 60_000;
    private static final int ID_BYTES = 4;

    private final SimWorld world;
    private final @Nullable SimRelay guard;
    private final RelayAddress guardAddress;
    private final RelayAddress address;
    private final CellPool cells;
    private Consumer<Cell> others = _ -> {};
    private final Map<Integer, SimCircuit> circuits = new LinkedHashMap<>();
    private final List<Runnable> whenOpen = new ArrayList<>();
    private @Nullable SimChannel channel;
    private boolean versionsSeen;
    private boolean open;
    private boolean closed;
    private boolean flushAsked;

    SimClient(SimWorld world, int number, SimRelay guard, CellPool cells) {
        this(world, number, guard, guard.address(), cells);
    }

    /// Of a relay of which only the address is known.
    SimClient(SimWorld world, int number, RelayAddress guard, CellPool cells) {
        this(world, number, null, guard, cells);
    }

    private SimClient(SimWorld world, int number, @Nullable SimRelay guard, RelayAddress guardAddress, CellPool cells) {
        this.world = world;
        this.guard = guard;
        this.guardAddress = guardAddress;
        this.cells = cells;
        this.address = new RelayAddress(new byte[] {(byte) 198, 51, 100, (byte) (1 + number)}, 0);
    }

    SimRelay guard() {
        return Objects.requireNonNull(guard);
    }

    RelayAddress address() {
        return address;
    }

    CellPool cells() {
        return cells;
    }

    boolean isClosed() {
        return closed;
    }

    /// Runs on the outside's loop, as everything here.
    void connect() {
        if (closed) {
            return;
        }
        ChannelFuture connected = world.network()
                .connect(
                        world.outside(),
                        guardAddress.socket(),
                        address.inet(),
                        CONNECT_MILLIS,
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel ours) {
                                channel = (SimChannel) ours;
                                ours.pipeline().addLast(new Cells());
                            }
                        });
        connected.addListener(_ -> {
            if (!connected.isSuccess()) {
                lost();
            }
        });
    }

    /// At once if the link is open.
    void whenOpen(Runnable work) {
        if (open || closed) {
            work.run();
        } else {
            whenOpen.add(work);
        }
    }

    void add(int circuitId, SimCircuit circuit) {
        circuits.put(circuitId, circuit);
    }

    /// Who hears of cells of no circuit that was added; they stay the client's.
    void hearOthers(Consumer<Cell> by) {
        others = by;
    }

    /// Sends the cell and gives it back to the pool; nothing is sent on a link that is gone.
    void send(Cell cell) {
        SimChannel to = channel;
        if (to != null && open && !closed) {
            ByteBuf out = to.alloc().buffer(Cell.LENGTH);
            out.writeBytes(cell.array());
            var _ = to.write(out);
            if (!flushAsked) {
                flushAsked = true;
                world.outside().afterTurn(() -> {
                    flushAsked = false;
                    to.flush();
                });
            }
        }
        cell.release();
    }

    void close() {
        SimChannel to = channel;
        if (to == null) {
            lost();
        } else {
            var _ = to.close();
        }
    }

    void reset() {
        SimChannel to = channel;
        if (to != null) {
            to.reset();
        }
    }

    private void lost() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(circuits.values()).forEach(SimCircuit::onLinkLost);
        circuits.clear();
        begin();
    }

    private void begin() {
        List<Runnable> waiting = List.copyOf(whenOpen);
        whenOpen.clear();
        waiting.forEach(Runnable::run);
    }

    private final class Cells extends ByteToMessageDecoder {
        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            super.channelActive(ctx);
            write(
                    ctx,
                    new Writer()
                            .u16(0)
                            .u8(CellCommand.VERSIONS)
                            .u16(6)
                            .u16(3)
                            .u16(4)
                            .u16(5)
                            .toBytes());
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int idBytes = versionsSeen ? ID_BYTES : 2;
            int at = in.readerIndex();
            if (in.readableBytes() < idBytes + 3) {
                return;
            }
            int command = in.getUnsignedByte(at + idBytes);
            if (CellCommand.isVariable(command)) {
                int length = idBytes + 3 + in.getUnsignedShort(at + idBytes + 1);
                if (in.readableBytes() >= length) {
                    in.skipBytes(length);
                    versionsSeen = true;
                }
            } else if (in.readableBytes() >= Cell.LENGTH) {
                Cell cell = cells.acquire();
                in.readBytes(cell.array(), 0, Cell.LENGTH);
                try {
                    onCell(ctx, cell);
                } finally {
                    cell.release();
                }
            }
        }

        private void onCell(ChannelHandlerContext ctx, Cell cell) {
            if (cell.command() == CellCommand.NETINFO) {
                Writer netinfo = new Writer()
                        .u32(0)
                        .u8(CellCommand.NETINFO)
                        .u32(world.clock().instant().getEpochSecond())
                        .u8(4)
                        .u8(4)
                        .bytes(guardAddress.ip())
                        .u8(0);
                write(ctx, java.util.Arrays.copyOf(netinfo.toBytes(), Cell.LENGTH));
                open = true;
                begin();
                return;
            }
            SimCircuit circuit = circuits.get(cell.circuitId());
            if (circuit == null) {
                others.accept(cell);
            } else {
                circuit.onCell(cell);
            }
        }

        private void write(ChannelHandlerContext ctx, byte[] bytes) {
            var _ = ctx.writeAndFlush(ctx.alloc().buffer(bytes.length).writeBytes(bytes));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            super.channelInactive(ctx);
            lost();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof java.io.IOException)) {
                world.fail("a client failed: " + cause);
            }
            var _ = ctx.close();
        }
    }
}
