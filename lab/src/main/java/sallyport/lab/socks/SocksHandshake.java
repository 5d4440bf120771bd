package sallyport.lab.socks;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.address.Ip;
import sallyport.lab.client.Isolation;

/// The conversation before the bytes flow: methods, credentials, request. Reads only whole messages, each
/// at most 513 bytes; whatever follows the request is left in the buffer.
final class SocksHandshake {
    /// The longest message: two credentials of 255 bytes.
    static final int MESSAGE_BYTES_MAX = 3 + 2 * 255;

    private static final int METHOD_NONE = 0;
    private static final int METHOD_CREDENTIALS = 2;
    private static final int METHOD_REFUSED = 0xff;
    private static final int CREDENTIALS_VERSION = 1;
    private static final int COMMAND_CONNECT = 1;
    private static final int COMMAND_RESOLVE = 0xf0;
    private static final int COMMAND_RESOLVE_PTR = 0xf1;

    /// The application said something else than SOCKS5, or what we do not do. What there is to answer
    /// stands in the buffer of answers.
    static final class Refused extends Exception {
        Refused(String what) {
            super(what, null, false, false);
        }
    }

    private enum Stage {
        METHODS,
        CREDENTIALS,
        REQUEST
    }

    private Stage stage = Stage.METHODS;
    private Isolation isolation = Isolation.NONE;

    /// Reads as far as whole messages go, and writes what there is to answer.
    ///
    /// @return the request; null while it has not come
    @Nullable
    SocksRequest read(ByteBuf in, ByteBuf answers) throws Refused {
        while (true) {
            int start = in.readerIndex();
            Stage before = stage;
            SocksRequest request = null;
            try {
                switch (stage) {
                    case METHODS -> readMethods(in, answers);
                    case CREDENTIALS -> readCredentials(in, answers);
                    case REQUEST -> request = readRequest(in, answers);
                }
            } catch (IndexOutOfBoundsException notAllThere) {
                in.readerIndex(start);
                return null;
            }
            if (before == Stage.REQUEST) {
                return request;
            }
        }
    }

    private void readMethods(ByteBuf in, ByteBuf answers) throws Refused {
        if (in.readUnsignedByte() != SocksReply.VERSION) {
            throw new Refused("not SOCKS5");
        }
        byte[] methods = new byte[in.readUnsignedByte()];
        in.readBytes(methods);
        boolean none = false;
        boolean credentials = false;
        for (byte method : methods) {
            none |= method == METHOD_NONE;
            credentials |= method == METHOD_CREDENTIALS;
        }
        // C tor: who can name himself is asked to, for that is how he keeps his streams apart.
        int chosen = credentials ? METHOD_CREDENTIALS : none ? METHOD_NONE : METHOD_REFUSED;
        answers.writeByte(SocksReply.VERSION).writeByte(chosen);
        if (chosen == METHOD_REFUSED) {
            throw new Refused("no method in common");
        }
        stage = credentials ? Stage.CREDENTIALS : Stage.REQUEST;
    }

    /// RFC 1929; any credentials are good.
    private void readCredentials(ByteBuf in, ByteBuf answers) throws Refused {
        if (in.readUnsignedByte() != CREDENTIALS_VERSION) {
            throw new Refused("credentials of another version");
        }
        String name = text(in);
        String password = text(in);
        isolation = Isolation.by(List.of(name, password));
        answers.writeByte(CREDENTIALS_VERSION).writeByte(0);
        stage = Stage.REQUEST;
    }

    private SocksRequest readRequest(ByteBuf in, ByteBuf answers) throws Refused {
        if (in.readUnsignedByte() != SocksReply.VERSION) {
            throw new Refused("not SOCKS5");
        }
        int command = in.readUnsignedByte();
        in.skipBytes(1);
        int type = in.readUnsignedByte();
        byte[] literal = null;
        String host = "";
        switch (type) {
            case SocksReply.TYPE_IPV4 -> literal = bytes(in, 4);
            case SocksReply.TYPE_IPV6 -> literal = bytes(in, 16);
            case SocksReply.TYPE_NAME -> host = text(in);
            default -> throw refused(answers, SocksReply.ADDRESS_TYPE_NOT_SUPPORTED);
        }
        int port = in.readUnsignedShort();
        if (literal == null) {
            literal = Ip.parse(host);
        }
        return switch (command) {
            case COMMAND_CONNECT -> connect(answers, literal, host, port);
            case COMMAND_RESOLVE ->
                lookup(answers, SocksRequest.Kind.RESOLVE, literal == null ? host : Ip.format(literal));
            case COMMAND_RESOLVE_PTR -> {
                if (literal == null) {
                    throw refused(answers, SocksReply.ADDRESS_TYPE_NOT_SUPPORTED);
                }
                yield lookup(answers, SocksRequest.Kind.RESOLVE_PTR, ReverseName.of(literal));
            }
            default -> throw refused(answers, SocksReply.COMMAND_NOT_SUPPORTED);
        };
    }

    private SocksRequest connect(ByteBuf answers, byte @Nullable [] literal, String host, int port) throws Refused {
        if (port == 0 || (literal == null && !isName(host))) {
            throw refused(answers, SocksReply.GENERAL_FAILURE);
        }
        Destination destination = literal == null ? Destination.of(host, port) : Destination.of(literal, port);
        return new SocksRequest(SocksRequest.Kind.CONNECT, destination, "", isolation);
    }

    private SocksRequest lookup(ByteBuf answers, SocksRequest.Kind kind, String name) throws Refused {
        if (name.isEmpty()) {
            throw refused(answers, SocksReply.GENERAL_FAILURE);
        }
        return new SocksRequest(kind, null, name, isolation);
    }

    /// As C tor: what could not stand in BEGIN goes nowhere.
    private static boolean isName(String host) {
        return !host.isEmpty() && host.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    private static Refused refused(ByteBuf answers, SocksReply reply) {
        reply.write(answers);
        return new Refused(reply.name());
    }

    private static String text(ByteBuf in) {
        return new String(bytes(in, in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }
}
