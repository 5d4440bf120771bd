package sallyport.engine.dirserver;

import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.DirectoryRequests;
import sallyport.engine.accounting.DirectoryRequests.Refusal;
import sallyport.engine.stream.DirClient;

/// What the statistics learn of one request for a consensus. Runs on: the relay's loop.
final class ConsensusFetch {
    private final DirectoryRequests requests;
    private final DirClient client;
    private boolean sent;
    private long servedNanos;

    private ConsensusFetch(DirectoryRequests requests, DirClient client) {
        this.requests = requests;
        this.client = client;
    }

    /// Null where nobody wants to know, or the request is for something else.
    static @Nullable ConsensusFetch of(@Nullable DirectoryRequests requests, DirRequest request, DirClient client) {
        return requests == null || !request.isForConsensus() ? null : new ConsensusFetch(requests, client);
    }

    void answered(DirAnswer answer, long nowNanos) {
        switch (answer) {
            case DirAnswer.Document _ -> {
                servedNanos = nowNanos;
                requests.served(nowNanos);
            }
            case DirAnswer.Status status -> {
                Refusal why = why(status);
                if (why != null) {
                    requests.refused(why);
                }
            }
        }
    }

    /// As C tor: who asks for nothing is no client that was refused.
    private static @Nullable Refusal why(DirAnswer.Status status) {
        if (status.equals(DirAnswer.TOO_FEW_SIGNERS)) {
            return Refusal.NOT_ENOUGH_SIGNATURES;
        }
        if (status.equals(DirAnswer.UNREADABLE)) {
            return null;
        }
        return switch (status.status()) {
            case 304 -> Refusal.NOT_MODIFIED;
            case 503 -> Refusal.BUSY;
            default -> Refusal.NOT_FOUND;
        };
    }

    /// The last piece of the document was handed out.
    void sent() {
        if (!sent) {
            sent = true;
            requests.sent(client.address().ipForWire());
        }
    }

    /// The stream took it.
    ///
    /// @param bytes of the whole answer
    void downloaded(long bytes, long nowNanos) {
        sent();
        requests.downloaded(servedNanos, bytes, nowNanos);
    }
}
