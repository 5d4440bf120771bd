package sallyport.engine.cell;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of EXTEND2 (tor-spec "EXTEND and EXTENDED cells"): whom to ask, and what.
///
/// @param ipv4 the first IPv4 specifier, as it stands there: it may be private, or its port 0
/// @param ipv6 likewise
/// @param rsaDigest 20 bytes
/// @param ed25519 32 bytes; null where the client gave none, or zeros, which mean the same
public record Extend2Body(
        @Nullable RelayAddress ipv4,
        @Nullable RelayAddress ipv6,
        byte[] rsaDigest,
        byte @Nullable [] ed25519,
        Create2Body create) {
    private static final int SPEC_IPV4 = 0;
    private static final int SPEC_IPV6 = 1;
    private static final int SPEC_RSA = 2;
    private static final int SPEC_ED25519 = 3;

    /// Further addresses are ignored, a further identity is refused, and so is a specifier of another length than
    /// its type has. Unknown specifiers are ignored.
    ///
    /// @throws Malformed also where the RSA identity or every address is missing
    public static Extend2Body decode(Reader body) throws Malformed {
        RelayAddress ipv4 = null;
        RelayAddress ipv6 = null;
        byte[] rsa = null;
        byte[] ed = null;
        int count = body.u8();
        for (int i = 0; i < count; i++) {
            int type = body.u8();
            Reader spec = body.slice(body.u8());
            switch (type) {
                case SPEC_IPV4 -> {
                    RelayAddress address = address(spec, 4);
                    ipv4 = ipv4 == null ? address : ipv4;
                }
                case SPEC_IPV6 -> {
                    RelayAddress address = address(spec, 16);
                    ipv6 = ipv6 == null ? address : ipv6;
                }
                case SPEC_RSA -> rsa = identity(spec, 20, rsa);
                case SPEC_ED25519 -> ed = identity(spec, 32, ed);
                default -> {}
            }
        }
        if (rsa == null || (ipv4 == null && ipv6 == null)) {
            throw new Malformed("EXTEND2 without identity or address");
        }
        return new Extend2Body(ipv4, ipv6, rsa, isZero(ed) ? null : ed, Create2Body.decode(body));
    }

    public byte[] encode() {
        Writer out = new Writer(RelayCell.DATA_MAX);
        out.u8(1 + (ipv4 == null ? 0 : 1) + (ipv6 == null ? 0 : 1) + (ed25519 == null ? 0 : 1));
        if (ipv4 != null) {
            out.u8(SPEC_IPV4).u8(6).bytes(ipv4.ip()).u16(ipv4.port());
        }
        out.u8(SPEC_RSA).u8(20).bytes(rsaDigest);
        if (ed25519 != null) {
            out.u8(SPEC_ED25519).u8(32).bytes(ed25519);
        }
        if (ipv6 != null) {
            out.u8(SPEC_IPV6).u8(18).bytes(ipv6.ip()).u16(ipv6.port());
        }
        create.write(out);
        return out.toBytes();
    }

    /// Nothing of it: where a circuit goes on is its client's path.
    @Override
    public String toString() {
        return "EXTEND2 [scrubbed]";
    }

    private static RelayAddress address(Reader spec, int ipLength) throws Malformed {
        RelayAddress address = new RelayAddress(spec.bytes(ipLength), spec.u16());
        whole(spec);
        return address;
    }

    private static byte[] identity(Reader spec, int length, byte @Nullable [] before) throws Malformed {
        if (before != null) {
            throw new Malformed("EXTEND2 names two identities");
        }
        byte[] identity = spec.bytes(length);
        whole(spec);
        return identity;
    }

    private static void whole(Reader spec) throws Malformed {
        if (spec.remaining() != 0) {
            throw new Malformed("EXTEND2 specifier length");
        }
    }

    private static boolean isZero(byte @Nullable [] bytes) {
        int any = 0;
        for (byte b : bytes == null ? new byte[0] : bytes) {
            any |= b;
        }
        return any == 0;
    }
}
