package sallyport.lab.socks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.origin.ClientStream;
import sallyport.lab.client.LabClient;
import sallyport.lab.client.StreamUser;

/// One connection of an application, and the stream it becomes. It reads one buffer at a time, and the
/// next only when the stream has taken all of it; what it owes the application holds the exit back. Runs
/// on the client's loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class SocksConnection extends ChannelInboundHandlerAdapter implements StreamUser {
    // Ours: an application that asks for nothing.
    private static final int HANDSHAKE_SECONDS_MAX = 30;
    // Ours: an answer of a kilobyte at first, and then as much as the turn before brought.
    private static final int OUTPUT_BYTES_MIN = 1 << 10;
    private static final int OUTPUT_BYTES_MAX = 1 << 18;

    private enum State {
        HANDSHAKE,
        OPENING,
        OPEN,
        OVER
    }

    private final SocksPort port;
    private final Channel channel;
    private final SocksHandshake handshake = new SocksHandshake();
    private final Future<?> limit;
    /// What the stream has not taken yet: what was read itself, once the handshake is over.
    private ByteBuf input;

    private State state = State.HANDSHAKE;
    private @Nullable SocksRequest request;
    private @Nullable ClientStream stream;
    /// What came for the application this turn.
    private @Nullable ByteBuf output;

    /// As many bytes as a turn brings, so that its buffer need not grow.
    private int outputBytes = OUTPUT_BYTES_MIN;

    private int inFlight;
    private boolean inputEnded;

    SocksConnection(SocksPort port, Channel channel) {
        this.port = port;
        this.channel = channel;
        this.input = channel.alloc().buffer(SocksHandshake.MESSAGE_BYTES_MAX);
        this.limit = channel.eventLoop().schedule(this::close, HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /// Ends both sides.
    void close() {
        channel.close();
    }

    // The application

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (input.isReadable()) {
            // It belongs to a message that is not whole.
            try {
                input.discardReadBytes();
                input.writeBytes(read);
            } finally {
                read.release();
            }
        } else {
            input.release();
            input = read;
        }
        goOn();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inputEnded = true;
        limit.cancel(false);
        port.forget(this);
        if (state == State.OPEN) {
            pump();
        } else {
            // A stream that is still being opened is ended when it is there.
            finish();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void goOn() {
        switch (state) {
            case HANDSHAKE -> converse();
            case OPENING -> {
                // Read on when it is connected.
            }
            case OPEN -> pump();
            case OVER -> input.clear();
        }
    }

    private void converse() {
        ByteBuf answers = channel.alloc().buffer();
        try {
            request = handshake.read(input, answers);
        } catch (SocksHandshake.Refused e) {
            port.countRefused();
            channel.writeAndFlush(answers).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (answers.isReadable()) {
            channel.writeAndFlush(answers);
        } else {
            answers.release();
        }
        SocksRequest wanted = request;
        if (wanted == null) {
            channel.read();
            return;
        }
        limit.cancel(false);
        state = State.OPENING;
        LabClient client = port.client();
        if (wanted.destination() == null) {
            client.resolve(wanted.isolation(), wanted.name(), this);
        } else {
            client.open(wanted.isolation(), wanted.destination(), this);
        }
    }

    /// Sends what was read, then reads on, or ends after the last byte.
    private void pump() {
        ClientStream to = stream;
        if (to == null || state != State.OPEN) {
            return;
        }
        if (input.isReadable()) {
            to.send(input);
        }
        if (input.isReadable() || state != State.OPEN) {
            return;
        }
        // An application that says nothing for hours holds no buffer meanwhile.
        input.release();
        input = Unpooled.EMPTY_BUFFER;
        if (inputEnded) {
            to.end(EndReason.DONE);
            finish();
        } else {
            channel.read();
        }
    }

    // The stream

    @Override
    public void connected(ClientStream of) {
        stream = of;
        if (state != State.OPENING) {
            of.end(EndReason.DONE);
            return;
        }
        state = State.OPEN;
        SocksReply.SUCCEEDED.write(output());
        pump();
    }

    @Override
    public void data(byte[] array, int offset, int length) {
        if (state == State.OPEN && !inputEnded) {
            output().writeBytes(array, offset, length);
        }
    }

    @Override
    public int owedBytes() {
        return inFlight + (output == null ? 0 : output.readableBytes());
    }

    @Override
    public void writable() {
        pump();
    }

    @Override
    public void resolved(ResolvedMessage answers) {
        if (state == State.OPENING) {
            answer(answers);
            closeAfterOutput();
        }
    }

    @Override
    public void ended(EndReason reason) {
        if (state == State.OPENING) {
            SocksReply.of(reason).write(output());
        }
        if (state != State.OVER) {
            closeAfterOutput();
        }
    }

    /// As C tor: the first address or name, or that there is none.
    private void answer(ResolvedMessage answers) {
        for (ResolvedMessage.Answer answer : answers.answers()) {
            int type = switch (answer.type()) {
                case ResolvedMessage.IPV4 -> answer.value().length == 4 ? SocksReply.TYPE_IPV4 : 0;
                case ResolvedMessage.IPV6 -> answer.value().length == 16 ? SocksReply.TYPE_IPV6 : 0;
                case ResolvedMessage.HOSTNAME -> SocksReply.TYPE_NAME;
                default -> 0;
            };
            if (type != 0) {
                SocksReply.SUCCEEDED.write(output(), type, answer.value());
                return;
            }
        }
        SocksReply.HOST_UNREACHABLE.write(output());
    }

    private void closeAfterOutput() {
        state = State.OVER;
        flush();
        if (inputEnded) {
            finish();
        } else {
            channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void finish() {
        state = State.OVER;
        if (input.refCnt() > 0) {
            input.release();
        }
        if (output != null) {
            output.release();
            output = null;
        }
    }

    /// Written once the turn is over.
    private ByteBuf output() {
        ByteBuf to = output;
        if (to == null) {
            to = channel.alloc().buffer(outputBytes);
            output = to;
            port.afterTurn(this::flush);
        }
        return to;
    }

    private void flush() {
        ByteBuf out = output;
        if (out == null) {
            return;
        }
        output = null;
        int bytes = out.readableBytes();
        outputBytes = Math.clamp(bytes, OUTPUT_BYTES_MIN, OUTPUT_BYTES_MAX);
        inFlight += bytes;
        channel.writeAndFlush(out).addListener(_ -> {
            inFlight -= bytes;
            if (stream != null && !stream.isOver()) {
                stream.drained(bytes);
            }
        });
    }
}
