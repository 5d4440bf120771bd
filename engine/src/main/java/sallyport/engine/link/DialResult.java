package sallyport.engine.link;

import sallyport.engine.cell.DestroyReason;

/// The answer to [Links#dial], given once, on the loop; it may come before `dial` returns.
public interface DialResult {
    /// Whether the answer still matters. Asked now and then while a connection is on its way; who says no is forgotten
    /// and gets no answer.
    default boolean isWanted() {
        return true;
    }

    /// The link is open and the peer is who was asked for. Others may use it too.
    void opened(Link link);

    /// OR_IDENTITY when another relay answered, else CONNECTFAILED.
    void failed(DestroyReason reason);
}
