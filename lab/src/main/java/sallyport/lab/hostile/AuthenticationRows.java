package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.AUTH_CHALLENGE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.lab.hostile.Row.row;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.RelayCommand;
import sallyport.lab.hostile.Row.Scope;

/// What a relay makes of who says to be a relay (tor-spec sections 4.2 and 4.4).
///
/// Whom it takes us for shows in its answer to BEGIN: TORPROTOCOL (0d) to a client, MISC (01) to a relay
/// that the consensus does not list, and to a relay it knows what its exit policy says (04).
final class AuthenticationRows {
    private static final String CERTS_SECTION = "tor-spec 4.2";
    private static final String AUTHENTICATE_SECTION = "tor-spec 4.4";
    private static final String CLIENT = "END(1) 0d";
    private static final String STRANGER = "END(1) 01";
    private static final int SIGNED_AT = 4;

    private AuthenticationRows() {}

    static List<Row> all() {
        return Stream.of(accepted(), badCerts(), badAuthenticate())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> accepted() {
        return List.of(
                row(
                        AUTHENTICATE_SECTION,
                        "nobody vouches for a client",
                        Scope.NOTHING,
                        CLIENT,
                        bench -> standing(bench.clientLink())),
                row(
                        AUTHENTICATE_SECTION,
                        "a relay that no consensus lists",
                        Scope.NOTHING,
                        STRANGER,
                        bench -> standing(shaken(bench, (who, certs) -> certs, body -> body))),
                row(AUTHENTICATE_SECTION, "CERTS but no AUTHENTICATE", Scope.NOTHING, CLIENT, bench -> {
                    ClientLink link = bench.bareLink();
                    link.versions(4, 5);
                    link.readUntil(AUTH_CHALLENGE);
                    link.certs(Identity.fresh().initiatorCerts(EdKey.fresh()));
                    link.netinfo();
                    return standing(link);
                }),
                row(
                        CERTS_SECTION,
                        "a certificate of an unknown type",
                        Scope.NOTHING,
                        STRANGER,
                        bench -> standing(shaken(
                                bench, (who, certs) -> new CertEntry(77, new byte[300]).behind(certs), body -> body))),
                row(
                        AUTHENTICATE_SECTION,
                        "bytes behind AUTHENTICATE's end",
                        Scope.NOTHING,
                        STRANGER,
                        bench -> standing(
                                shaken(bench, (who, certs) -> certs, body -> Arrays.copyOf(body, body.length + 100)))));
    }

    private static List<Row> badCerts() {
        List<Row> rows = new ArrayList<>(List.of(
                certs("a type twice", (who, certs) -> certs.getFirst().behind(certs)),
                certs("no RSA identity", (who, certs) -> CertEntry.without(certs, 2)),
                certs("no cross-certificate", (who, certs) -> CertEntry.without(certs, 7)),
                certs("no authentication key", (who, certs) -> CertEntry.without(certs, 6)),
                certs(
                        "an RSA identity that is no certificate",
                        (who, certs) -> new CertEntry(2, new byte[100]).instead(certs)),
                certs(
                        "an RSA identity that somebody else signed",
                        (who, certs) -> new CertEntry(
                                        2,
                                        Certificates.certificate(
                                                who.rsa().getPublic(),
                                                Identity.rsaKey(1024).getPrivate(),
                                                Duration.ofDays(365)))
                                .instead(certs)),
                certs(
                        "an RSA identity that ended",
                        (who, certs) -> new CertEntry(
                                        2,
                                        Certificates.certificate(
                                                who.rsa().getPublic(), who.rsa().getPrivate(), Duration.ofDays(-10)))
                                .instead(certs)),
                certs(
                        "a cross-certificate of another Ed25519 identity",
                        (who, certs) -> new CertEntry(
                                        7,
                                        Certificates.crossCert(
                                                who, EdKey.fresh().point(), EdCert.tomorrow()))
                                .instead(certs)),
                certs(
                        "a cross-certificate of another RSA identity",
                        (who, certs) -> new CertEntry(
                                        7, Certificates.crossCert(Identity.fresh(), who.ed25519(), EdCert.tomorrow()))
                                .instead(certs)),
                certs(
                        "a cross-certificate that ended",
                        (who, certs) -> new CertEntry(7, Certificates.crossCert(who, who.ed25519(), EdCert.yesterday()))
                                .instead(certs)),
                certs("a signing key that its identity did not sign", (who, certs) -> {
                    byte[] forged = who.signingCert().clone();
                    forged[forged.length - 1] ^= 1;
                    return new CertEntry(4, forged).instead(certs);
                }),
                certs(
                        "an authentication key that ended",
                        (who, certs) -> new CertEntry(
                                        6,
                                        new EdCert(
                                                        6,
                                                        EdCert.yesterday(),
                                                        EdCert.KEY_ED25519,
                                                        EdKey.fresh().point())
                                                .signedBy(who.signing()))
                                .instead(certs)),
                certs(
                        "an authentication key that the signing key did not sign",
                        (who, certs) -> new CertEntry(
                                        6,
                                        new EdCert(
                                                        6,
                                                        EdCert.tomorrow(),
                                                        EdCert.KEY_ED25519,
                                                        EdKey.fresh().point())
                                                .signedBy(EdKey.fresh()))
                                .instead(certs)),
                certs(
                        "a link certificate instead of an authentication key",
                        (who, certs) -> new CertEntry(
                                        5,
                                        new EdCert(5, EdCert.tomorrow(), EdCert.KEY_X509, new byte[32])
                                                .signedBy(who.signing()))
                                .behind(CertEntry.without(certs, 6)))));
        rows.addAll(List.of(
                dead(
                        CERTS_SECTION,
                        "CERTS of another circuit than 0",
                        link -> link.wire()
                                .send(5, CERTS, CertEntry.body(Identity.fresh().initiatorCerts(EdKey.fresh())))),
                dead(CERTS_SECTION, "CERTS that end in the middle of a certificate", link -> {
                    byte[] body = CertEntry.body(Identity.fresh().initiatorCerts(EdKey.fresh()));
                    link.wire().send(0, CERTS, Arrays.copyOf(body, body.length - 1));
                }),
                dead(CERTS_SECTION, "CERTS without a byte", link -> link.wire().send(0, CERTS, new byte[0])),
                dead(CERTS_SECTION, "CERTS twice", link -> {
                    List<CertEntry> certs = Identity.fresh().initiatorCerts(EdKey.fresh());
                    link.certs(certs);
                    link.certs(certs);
                })));
        return rows;
    }

    private static List<Row> badAuthenticate() {
        return List.of(
                authenticate("of another kind", at(SIGNED_AT)),
                authenticate("with another initiator", at(SIGNED_AT + 8)),
                authenticate("with another responder", at(SIGNED_AT + 40)),
                authenticate("with another Ed25519 initiator", at(SIGNED_AT + 72)),
                authenticate("with another Ed25519 responder", at(SIGNED_AT + 104)),
                authenticate("about another conversation of the responder", at(SIGNED_AT + 136)),
                authenticate("about another conversation of the initiator", at(SIGNED_AT + 168)),
                authenticate("about another TLS certificate", at(SIGNED_AT + 200)),
                authenticate("about another TLS session", at(SIGNED_AT + 232)),
                row(
                        AUTHENTICATE_SECTION,
                        "AUTHENTICATE with a wrong signature",
                        Scope.LINK,
                        "closed",
                        bench -> shaken(bench, (who, certs) -> certs, body -> {
                                    body[body.length - 1] ^= 1;
                                    return body;
                                })
                                .outcome()),
                row(
                        AUTHENTICATE_SECTION,
                        "AUTHENTICATE of another method",
                        Scope.LINK,
                        "closed",
                        bench -> shaken(bench, (who, certs) -> certs, body -> {
                                    body[1] = 1;
                                    return body;
                                })
                                .outcome()),
                row(
                        AUTHENTICATE_SECTION,
                        "AUTHENTICATE that is cut short",
                        Scope.LINK,
                        "closed",
                        bench -> shaken(bench, (who, certs) -> certs, body -> Arrays.copyOf(body, body.length - 1))
                                .outcome()),
                row(AUTHENTICATE_SECTION, "AUTHENTICATE twice", Scope.LINK, "closed", bench -> {
                    ClientLink link = shaken(bench, (who, certs) -> certs, body -> body);
                    link.wire().send(0, AUTHENTICATE, new byte[356]);
                    return link.outcome();
                }));
    }

    /// How CERTS are spoilt.
    @FunctionalInterface
    private interface Spoil {
        List<CertEntry> certs(Identity who, List<CertEntry> honest);
    }

    /// Everything up to AUTHENTICATE.
    private static ClientLink shaken(Bench bench, Spoil spoil, UnaryOperator<byte[]> spoilBody) throws IOException {
        ClientLink link = bench.bareLink();
        link.versions(4, 5);
        link.readUntil(AUTH_CHALLENGE);
        Identity who = Identity.fresh();
        EdKey auth = EdKey.fresh();
        link.certs(spoil.certs(who, who.initiatorCerts(auth)));
        link.wire()
                .send(
                        0,
                        AUTHENTICATE,
                        spoilBody.apply(link.authentication(who, auth).body()));
        return link;
    }

    private static Row certs(String name, Spoil spoil) {
        return row(
                CERTS_SECTION,
                "CERTS with " + name,
                Scope.LINK,
                "closed",
                bench -> shaken(bench, spoil, body -> body).outcome());
    }

    private static Row dead(String section, String name, LinkRows.Step step) {
        return row(section, name, Scope.LINK, "closed", bench -> {
            ClientLink link = bench.bareLink();
            link.versions(4, 5);
            link.readHandshake();
            step.on(link);
            return link.outcome();
        });
    }

    /// A row whose AUTHENTICATE is signed rightly, but says something wrong.
    private static Row authenticate(String name, UnaryOperator<byte[]> spoil) {
        return row(AUTHENTICATE_SECTION, "AUTHENTICATE " + name, Scope.LINK, "closed", bench -> {
            ClientLink link = bench.bareLink();
            link.versions(4, 5);
            link.readUntil(AUTH_CHALLENGE);
            Identity who = Identity.fresh();
            EdKey auth = EdKey.fresh();
            link.certs(who.initiatorCerts(auth));
            Authentication authentication = link.authentication(who, auth);
            byte[] wrong = spoil.apply(new Writer()
                    .bytes(new byte[SIGNED_AT])
                    .bytes(authentication.unsigned())
                    .toBytes());
            link.wire()
                    .send(0, AUTHENTICATE, authentication.signed(Arrays.copyOfRange(wrong, SIGNED_AT, wrong.length)));
            return link.outcome();
        });
    }

    private static UnaryOperator<byte[]> at(int index) {
        return body -> {
            body[index] ^= 1;
            return body;
        };
    }

    /// Whom the relay takes us for.
    private static String standing(ClientLink link) throws IOException {
        if (!link.outcome().equals("open")) {
            return "closed";
        }
        ClientCircuit circuit = ClientCircuit.create(link, new Ntor(link.relay()));
        return circuit.send(RelayCommand.BEGIN, 1, StreamRows.ascii("192.0.2.1:80\0"))
                .answer();
    }
}
