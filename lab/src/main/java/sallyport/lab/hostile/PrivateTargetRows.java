package sallyport.lab.hostile;

import static sallyport.engine.cell.RelayCommand.BEGIN;
import static sallyport.lab.hostile.Row.row;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What an exit that refuses private addresses makes of BEGIN to one: who reached them would be inside the operator's
/// own network (tor-spec section 6.2; C tor's `ExitPolicyRejectPrivate`).
final class PrivateTargetRows {
    private static final String SECTION = "tor-spec 6.2";
    private static final String LITERAL_TTL = "00000708";
    private static final int IPV6_OK = 1;

    private PrivateTargetRows() {}

    static List<Row> all() {
        return Stream.concat(
                        Stream.of(
                                        "0.1.2.3",
                                        "10.1.2.3",
                                        "127.0.0.1",
                                        "169.254.1.1",
                                        "172.16.0.1",
                                        "172.31.255.255",
                                        "192.168.7.7",
                                        "fc00::1",
                                        "fe80::1",
                                        "::1")
                                .map(PrivateTargetRows::literal),
                        Stream.of(row(
                                SECTION,
                                "BEGIN to the name of a private address",
                                Scope.NOTHING,
                                "END(7) 040a010203",
                                bench -> {
                                    String answer = begin(bench, "inside.example");
                                    // The rest is the name's TTL, which is random.
                                    return answer.substring(0, answer.length() - LITERAL_TTL.length());
                                })))
                .toList();
    }

    private static Row literal(String address) {
        InetAddress target = InetAddress.ofLiteral(address);
        String host = target.getAddress().length == 4 ? address : "[" + address + "]";
        return row(
                SECTION,
                "BEGIN to the private address " + address,
                Scope.NOTHING,
                "END(7) 04" + Hex.lower(target.getAddress()) + LITERAL_TTL,
                bench -> begin(bench, host));
    }

    private static String begin(Bench bench, String host) throws Exception {
        byte[] body = new Writer().ascii(host + ":80").u8(0).u32(IPV6_OK).toBytes();
        return bench.guardedExitCircuit().send(BEGIN, 7, body).answer();
    }
}
