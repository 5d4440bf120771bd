package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.AUTHORIZE;
import static sallyport.engine.cell.CellCommand.AUTH_CHALLENGE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.engine.cell.CellCommand.CREATED2;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.NETINFO;
import static sallyport.engine.cell.CellCommand.PADDING;
import static sallyport.engine.cell.CellCommand.PADDING_NEGOTIATE;
import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.CellCommand.RELAY_EARLY;
import static sallyport.engine.cell.CellCommand.VERSIONS;
import static sallyport.engine.cell.CellCommand.VPADDING;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.lab.hostile.Row.Scope;

/// What a link makes of a peer that does not follow tor-spec sections 3 and 4.
final class LinkRows {
    private static final String VERSIONS_SECTION = "tor-spec 4.1";
    private static final String NETINFO_SECTION = "tor-spec 4.5";
    private static final String OPEN_SECTION = "tor-spec 3";
    private static final int UNKNOWN_FIXED = 99;
    private static final int UNKNOWN_VARIABLE = 200;

    private LinkRows() {}

    static List<Row> all() {
        return Stream.of(versions(), beforeOpen(), netinfo(), open())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> versions() {
        return List.of(
                dead(
                        VERSIONS_SECTION,
                        "VERSIONS of an odd length",
                        link -> link.wire().send(0, VERSIONS, new byte[] {0, 4, 0})),
                dead(VERSIONS_SECTION, "VERSIONS without a common version", link -> link.versions(1, 2, 77)),
                dead(VERSIONS_SECTION, "VERSIONS without any version", link -> link.versions()),
                alive(VERSIONS_SECTION, "versions 1, 2 and 77 beside 4", link -> {
                    link.versions(1, 2, 4, 77);
                    link.readHandshake();
                    link.netinfo();
                }),
                alive(VERSIONS_SECTION, "link protocol 3 with its short circuit ids", link -> {
                    link.versions(3);
                    link.readHandshake();
                    link.netinfo();
                }),
                alive(VERSIONS_SECTION, "a second VERSIONS", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.versions(4, 5);
                    link.netinfo();
                }),
                alive(VERSIONS_SECTION, "VERSIONS on an open link", link -> {
                    shake(link);
                    link.versions(4, 5);
                }));
    }

    private static List<Row> beforeOpen() {
        return List.of(
                dead(
                        "tor-spec 4",
                        "CREATE_FAST before VERSIONS",
                        link -> link.wire().send(1, CREATE_FAST, new byte[20])),
                dead(
                        "tor-spec 4",
                        "PADDING before VERSIONS",
                        link -> link.wire().send(0, PADDING, new byte[0])),
                dead(
                                "tor-spec 4",
                                "NETINFO before VERSIONS",
                                link -> link.wire().send(0, NETINFO, link.netinfoBody()))
                        .butTor("open", Scope.NOTHING),
                dead("tor-spec 4", "CERTS before VERSIONS", link -> link.wire().send(0, CERTS, new byte[] {0})),
                alive("tor-spec 4", "VPADDING and AUTHORIZE before VERSIONS", link -> {
                    link.wire().send(0, VPADDING, new byte[20]);
                    link.wire().send(0, AUTHORIZE, new byte[3]);
                    shake(link);
                }),
                dead("tor-spec 4", "CREATE_FAST before NETINFO", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(link.freshCircuit(), CREATE_FAST, new byte[20]);
                }),
                dead("tor-spec 4", "RELAY before NETINFO", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(link.freshCircuit(), RELAY, new byte[0]);
                }),
                dead("tor-spec 4", "PADDING before NETINFO", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(0, PADDING, new byte[0]);
                }),
                alive("tor-spec 4", "VPADDING, AUTHORIZE and an unknown variable cell before NETINFO", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(0, VPADDING, new byte[20]);
                    link.wire().send(0, AUTHORIZE, new byte[3]);
                    link.wire().send(0, UNKNOWN_VARIABLE, new byte[300]);
                    link.netinfo();
                }),
                dead("tor-spec 4.3", "AUTH_CHALLENGE to who accepted the link", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(0, AUTH_CHALLENGE, new byte[36]);
                }),
                dead("tor-spec 4.4", "AUTHENTICATE without CERTS", link -> {
                    link.versions(4, 5);
                    link.readHandshake();
                    link.wire().send(0, AUTHENTICATE, new byte[356]);
                }));
    }

    private static List<Row> netinfo() {
        return List.of(
                badNetinfo(
                        "an IPv4 address of five bytes",
                        new Writer().u32(0).u8(4).u8(5).bytes(new byte[5]).u8(0)),
                badNetinfo(
                        "an IPv6 address of four bytes",
                        new Writer().u32(0).u8(6).u8(4).bytes(new byte[4]).u8(0)),
                badNetinfo(
                        "more addresses than fit",
                        new Writer()
                                .u32(0)
                                .u8(4)
                                .u8(4)
                                .bytes(new byte[4])
                                .u8(255)
                                .bytes(new byte[498])),
                badNetinfo(
                        "an address beyond the cell's end",
                        new Writer()
                                .u32(0)
                                .u8(4)
                                .u8(4)
                                .bytes(new byte[4])
                                .u8(2)
                                .u8(9)
                                .u8(255)
                                .bytes(new byte[255])
                                .u8(9)
                                .u8(255)),
                goodNetinfo(
                        "an address of an unknown kind among ours",
                        new Writer()
                                .u32(0)
                                .u8(4)
                                .u8(4)
                                .bytes(new byte[4])
                                .u8(1)
                                .u8(9)
                                .u8(3)
                                .bytes(new byte[3])),
                goodNetinfo(
                        "a time far off",
                        new Writer()
                                .u32(4_000_000_000L)
                                .u8(4)
                                .u8(4)
                                .bytes(new byte[4])
                                .u8(0)),
                alive(NETINFO_SECTION, "a second NETINFO", link -> {
                    shake(link);
                    link.netinfo();
                }));
    }

    private static List<Row> open() {
        return List.of(
                alive(OPEN_SECTION, "an unknown fixed cell", link -> {
                    shake(link);
                    link.wire().send(link.freshCircuit(), UNKNOWN_FIXED, new byte[0]);
                }),
                alive(OPEN_SECTION, "an unknown variable cell", link -> {
                    shake(link);
                    link.wire().send(link.freshCircuit(), UNKNOWN_VARIABLE, new byte[1_000]);
                }),
                alive("tor-spec 7.2", "PADDING, VPADDING and AUTHORIZE", link -> {
                    shake(link);
                    link.wire().send(0, PADDING, new byte[0]);
                    link.wire().send(link.freshCircuit(), PADDING, new byte[509]);
                    link.wire().send(0, VPADDING, new byte[0]);
                    link.wire().send(0, VPADDING, new byte[60_000]);
                    link.wire().send(0, AUTHORIZE, new byte[10]);
                }),
                alive("padding-spec 2.2", "PADDING_NEGOTIATE of an unknown version and command", link -> {
                    shake(link);
                    link.wire().send(0, PADDING_NEGOTIATE, new byte[] {9, 2, 0, 0, 0, 0});
                    link.wire().send(0, PADDING_NEGOTIATE, new byte[] {0, 9, 0, 0, 0, 0});
                }),
                answered(
                        "tor-spec 5.1.1",
                        "CREATE_FAST with our top bit not set",
                        "DESTROY 1, open",
                        link -> link.wire().send(0x1234, CREATE_FAST, new byte[20])),
                alive("tor-spec 5.1.1", "CREATE_FAST of circuit 0", link -> {
                    shake(link);
                    link.wire().send(0, CREATE_FAST, new byte[20]);
                }),
                row("tor-spec 5.1.1", "CREATE_FAST of an id in use", Scope.NOTHING, "nothing", bench -> {
                    ClientCircuit circuit = bench.fastCircuit();
                    circuit.link().wire().send(circuit.id(), CREATE_FAST, new byte[20]);
                    return circuit.quiet();
                }),
                alive("tor-spec 6.1", "RELAY and RELAY_EARLY of an unknown circuit", link -> {
                    shake(link);
                    link.wire().send(link.freshCircuit(), RELAY, new byte[509]);
                    link.wire().send(link.freshCircuit(), RELAY_EARLY, new byte[509]);
                    link.wire().send(0, RELAY, new byte[509]);
                }),
                alive("tor-spec 5.4", "DESTROY of an unknown circuit", link -> {
                    shake(link);
                    link.wire().send(link.freshCircuit(), DESTROY, new byte[] {1});
                    link.wire().send(0, DESTROY, new byte[] {1});
                }),
                alive("tor-spec 5.1", "CREATED_FAST and CREATED2 of an unknown circuit", link -> {
                    shake(link);
                    link.wire().send(link.freshCircuit(), CREATED_FAST, new byte[40]);
                    link.wire().send(link.freshCircuit(), CREATED2, new byte[] {0, 64});
                }),
                dead("tor-spec 4.2", "CERTS on an open link", link -> {
                    shake(link);
                    link.wire().send(0, CERTS, new byte[] {0});
                }),
                dead("tor-spec 4.4", "AUTHENTICATE on an open link", link -> {
                    shake(link);
                    link.wire().send(0, AUTHENTICATE, new byte[356]);
                }),
                dead("tor-spec 4.3", "AUTH_CHALLENGE on an open link", link -> {
                    shake(link);
                    link.wire().send(0, AUTH_CHALLENGE, new byte[36]);
                }));
    }

    /// What a row does with a link that has only TLS.
    @FunctionalInterface
    interface Step {
        void on(ClientLink link) throws IOException;
    }

    /// A row whose link has to end.
    static Row dead(String section, String name, Step step) {
        return row(section, name, Scope.LINK, "closed", bench -> {
            ClientLink link = bench.bareLink();
            step.on(link);
            return link.outcome();
        });
    }

    /// A row whose link has to live, and nothing is answered.
    static Row alive(String section, String name, Step step) {
        return row(section, name, Scope.NOTHING, "open", bench -> {
            ClientLink link = bench.bareLink();
            step.on(link);
            return link.outcome();
        });
    }

    private static Row answered(String section, String name, String expected, Step step) {
        return row(section, name, Scope.NOTHING, expected, bench -> {
            ClientLink link = bench.clientLink();
            step.on(link);
            return link.outcome();
        });
    }

    private static Row badNetinfo(String name, Writer body) {
        return dead(NETINFO_SECTION, "NETINFO with " + name, link -> {
            link.versions(4, 5);
            link.readHandshake();
            link.wire().send(0, NETINFO, body.toBytes());
        });
    }

    private static Row goodNetinfo(String name, Writer body) {
        return alive(NETINFO_SECTION, "NETINFO with " + name, link -> {
            link.versions(4, 5);
            link.readHandshake();
            link.wire().send(0, NETINFO, body.toBytes());
        });
    }

    private static void shake(ClientLink link) throws IOException {
        link.versions(4, 5);
        link.readHandshake();
        link.netinfo();
    }
}
