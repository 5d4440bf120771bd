package sallyport.engine.link;

import sallyport.engine.cell.DestroyReason;

/// The answer to [Links#dial], given exactly once, on the loop; it may come before `dial` returns.
public interface DialResult {
    /// The link is open and the peer is who was asked for. Others may use it too.
    void opened(Link link);

    /// OR_IDENTITY when another relay answered, else CONNECTFAILED.
    void failed(DestroyReason reason);
}
