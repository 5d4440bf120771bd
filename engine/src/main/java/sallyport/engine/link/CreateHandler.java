package sallyport.engine.link;

import sallyport.engine.cell.Cell;

/// Whoever makes circuits of CREATE cells.
public interface CreateHandler {
    /// Takes a CREATE, CREATE_FAST or CREATE2 cell. Its id is free on the link and has the top bit that the peer must
    /// use; the handler attaches a receiver ([Link#attach]) or refuses ([Link#sendDestroy]), now or later.
    void onCreate(Link link, Cell cell);

    /// Another instance of the process lacks circuits, and this one has more than its share: ends circuits that nobody
    /// uses.
    ///
    /// @param count how many at most
    default void giveBack(int count) {}
}
