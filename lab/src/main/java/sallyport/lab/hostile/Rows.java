package sallyport.lab.hostile;

import java.util.List;
import java.util.stream.Stream;

/// The whole table.
public final class Rows {
    private Rows() {}

    /// Every row, in the order of the specification.
    public static List<Row> all() {
        return Stream.of(
                        LinkRows.all(),
                        AuthenticationRows.all(),
                        HandshakeRows.all(),
                        CircuitRows.all(),
                        DialedLinkRows.all(),
                        NextHopRows.all(),
                        StreamRows.all(),
                        PrivateTargetRows.all(),
                        ExitStreamRows.all(),
                        ResolveRows.all(),
                        FlowRows.all(),
                        CounterGaloisRows.all(),
                        PaddingRows.all(),
                        IntroductionRows.all(),
                        RendezvousRows.all(),
                        JoinRows.all(),
                        DirectoryRows.all(),
                        OnionDirectoryRows.all(),
                        ConfluxRows.all(),
                        ConfluxOrderRows.all())
                .flatMap(List::stream)
                .toList();
    }
}
