package sallyport.lab.hostile;

import static sallyport.lab.hostile.Row.row;

import java.util.List;
import sallyport.engine.cell.RelayCommand;
import sallyport.lab.hostile.Row.Scope;

/// What a relay says of itself on links that it dials (tor-spec sections 4.2 and 4.4).
final class DialedLinkRows {
    private DialedLinkRows() {}

    static List<Row> all() {
        return List.of(row(
                "tor-spec 4.4",
                "a relay to extend to, which looks whom it got",
                Scope.NOTHING,
                "CERTS hold, AUTHENTICATE holds, then CREATE2",
                bench -> {
                    FakeRelay next = bench.nextHop();
                    bench.fastCircuit()
                            .send(RelayOut.of(
                                            RelayCommand.EXTEND2,
                                            0,
                                            Extend2.to(next.facts()).skin(Ntor.TYPE, ExtendedCircuit.SKIN))
                                    .early());
                    return DialerProof.read(next, bench);
                }));
    }
}
