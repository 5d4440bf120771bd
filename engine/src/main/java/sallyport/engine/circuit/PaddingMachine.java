package sallyport.engine.circuit;

import org.jspecify.annotations.Nullable;

/// The padding machines that every relay runs for clients (padding-spec "Obfuscating client-side onion service circuit
/// setup", proposal 302): they make the first cells of such circuits look like those of any other.
enum PaddingMachine {
    /// After a client's INTRODUCE1: cells come back as if it were fetching something. C tor draws the number of cells
    /// from [7, 10) as a fraction and cuts it off, so it is never ten.
    HIDE_INTRODUCTION(0, 7, 9, 1_000, 10_000, 10, true),
    /// After a client's ESTABLISH_RENDEZVOUS: one cell right behind our answer.
    HIDE_RENDEZVOUS(1, 1, 1, 0, 1_000, 1, false);

    private final int number;
    private final int cellsMin;
    private final int cellsMax;
    private final int delayMinMicros;
    private final int delayEndMicros;
    private final int freeCells;
    private final boolean followsTraffic;

    PaddingMachine(
            int number,
            int cellsMin,
            int cellsMax,
            int delayMinMicros,
            int delayEndMicros,
            int freeCells,
            boolean followsTraffic) {
        this.number = number;
        this.cellsMin = cellsMin;
        this.cellsMax = cellsMax;
        this.delayMinMicros = delayMinMicros;
        this.delayEndMicros = delayEndMicros;
        this.freeCells = freeCells;
        this.followsTraffic = followsTraffic;
    }

    /// Null where there is none with this number.
    static @Nullable PaddingMachine of(int number) {
        for (PaddingMachine machine : values()) {
            if (machine.number == number) {
                return machine;
            }
        }
        return null;
    }

    /// As PADDING_NEGOTIATE names it.
    int number() {
        return number;
    }

    int cellsMin() {
        return cellsMin;
    }

    int cellsMax() {
        return cellsMax;
    }

    /// The shortest silence before a cell of padding, in microseconds.
    int delayMinMicros() {
        return delayMinMicros;
    }

    /// What every silence before a cell of padding stays below, in microseconds.
    int delayEndMicros() {
        return delayEndMicros;
    }

    /// So many cells of padding pass before their share of all cells is looked at.
    int freeCells() {
        return freeCells;
    }

    /// Whether any other cell toward the client begins the silence anew, and whether the machine, once it is through,
    /// says so and makes room for another. The client's circuit waits for that to close.
    boolean followsTraffic() {
        return followsTraffic;
    }
}
