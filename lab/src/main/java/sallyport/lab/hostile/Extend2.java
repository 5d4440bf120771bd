package sallyport.lab.hostile;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.bytes.Writer;

/// The body of an EXTEND2 message in the making (tor-spec section 5.1.2). It is its own builder.
///
/// @param specs whole link specifiers: type, length, data
record Extend2(List<byte[]> specs) {
    static final int IPV4 = 0;
    static final int IPV6 = 1;
    static final int RSA = 2;
    static final int ED25519 = 3;

    static Extend2 empty() {
        return new Extend2(List.of());
    }

    /// What an honest client says of a relay.
    static Extend2 to(RelayFacts relay) {
        return empty().address(relay.address()).with(RSA, relay.rsaId()).with(ED25519, relay.ed25519());
    }

    Extend2 address(InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        return with(
                ip.length == 4 ? IPV4 : IPV6,
                new Writer().bytes(ip).u16(address.getPort()).toBytes());
    }

    Extend2 with(int type, byte[] data) {
        List<byte[]> more = new ArrayList<>(specs);
        more.add(new Writer().u8(type).u8(data.length).bytes(data).toBytes());
        return new Extend2(more);
    }

    /// The whole body, with what is to be in CREATE2.
    byte[] skin(int type, byte[] request) {
        Writer out = new Writer().u8(specs.size());
        specs.forEach(out::bytes);
        return out.bytes(ClientCircuit.create2(type, request)).toBytes();
    }
}
