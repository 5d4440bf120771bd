package sallyport.engine.accounting;

/// What a [BandwidthHistory] sums, in the order of extra-info documents.
public enum HistoryKind {
    WRITTEN("write-history", "BWHistoryWrite"),
    READ("read-history", "BWHistoryRead"),
    /// Those of the bytes above that went over IPv6.
    IPV6_WRITTEN("ipv6-write-history", "BWHistoryIPv6Write"),
    IPV6_READ("ipv6-read-history", "BWHistoryIPv6Read"),
    /// Answers to directory requests, without what carries them.
    DIRECTORY_WRITTEN("dirreq-write-history", "BWHistoryDirWrite"),
    /// Directory requests.
    DIRECTORY_READ("dirreq-read-history", "BWHistoryDirRead");

    private final String published;
    private final String kept;

    HistoryKind(String published, String kept) {
        this.published = published;
        this.kept = kept;
    }

    /// The keyword of its line in a document.
    public String published() {
        return published;
    }

    /// What its lines in C tor's `state` file begin with.
    public String kept() {
        return kept;
    }
}
