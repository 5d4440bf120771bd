package sallyport.engine.accounting;

import java.time.DateTimeException;
import java.util.List;

/// The statistics of an extra-info document that are counted for a day and then told, in the order in which C tor
/// writes them.
public enum StatisticKind {
    /// `DirReqStatistics`: clients that fetched a consensus.
    DIRECTORY_REQUESTS("dirreq-stats", "dirreq-stats-end"),
    /// `HiddenServiceStatistics` about version 2, which nobody speaks any more: C tor goes on telling noise.
    ONION_SERVICES_V2("hidserv-stats", "hidserv-stats-end"),
    /// `HiddenServiceStatistics`: what passed through rendezvous points, and onion services that we are a directory of.
    ONION_SERVICES("hidserv-v3-stats", "hidserv-v3-stats-end"),
    /// `EntryStatistics`: clients that connected.
    ENTRIES("entry-stats", "entry-stats-end"),
    /// `CellStatistics`: how long cells waited in the queues of circuits.
    CELLS("buffer-stats", "cell-stats-end"),
    /// `ExitPortStatistics`: bytes and streams of each port.
    EXIT_PORTS("exit-stats", "exit-stats-end"),
    /// `ConnDirectionStatistics`: links that are read, written, or both.
    LINK_DIRECTIONS("conn-stats", "conn-bi-direct"),
    /// `PaddingStatistics`: how many cells are padding.
    PADDING("padding-counts", "padding-counts");

    private final String file;
    private final String keyword;

    StatisticKind(String file, String keyword) {
        this.file = file;
        this.keyword = keyword;
    }

    /// The name of its file; that of C tor's, which has none for padding.
    public String file() {
        return file;
    }

    /// What these lines tell, as a file or a document has them.
    ///
    /// @throws DateTimeException where they are no statistic of this kind
    public RelayStatistics.Finished counted(List<String> lines) {
        String start = keyword + " ";
        for (String line : lines) {
            if (line.startsWith(start) && line.length() >= start.length() + HistoryLines.TIME_LENGTH) {
                String end = line.substring(start.length(), start.length() + HistoryLines.TIME_LENGTH);
                return new RelayStatistics.Finished(HistoryLines.time(end), lines);
            }
        }
        throw new DateTimeException("no end of a period");
    }
}
