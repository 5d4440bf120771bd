package sallyport.supervisor.screen;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// A picture of lines that is drawn again and again; only lines that differ are sent, so that it is pleasant over a
/// slow
/// line. Plain cursor movements of ECMA-48 that every terminal knows.
public final class LiveScreen {
    private static final String ESCAPE = "\033[";

    private final PrintWriter out;
    private List<String> shown = List.of();
    private int rows;

    public LiveScreen(PrintWriter out) {
        this.out = out;
    }

    /// Clears the terminal.
    public void open() {
        out.print(ESCAPE + "?25l" + ESCAPE + "2J");
        out.flush();
    }

    /// Shows these lines, as many as fit.
    ///
    /// @param rowsNow of the terminal; another number than before draws all anew
    public void draw(List<String> lines, int rowsNow) {
        List<String> next = new ArrayList<>(lines.subList(0, Math.min(lines.size(), rowsNow)));
        if (rowsNow != rows) {
            rows = rowsNow;
            shown = List.of();
            out.print(ESCAPE + "2J");
        }
        for (int i = 0; i < Math.max(next.size(), shown.size()); i++) {
            String line = i < next.size() ? next.get(i) : "";
            if (i >= shown.size() || !shown.get(i).equals(line)) {
                out.print(ESCAPE + (i + 1) + ";1H" + line + ESCAPE + "K");
            }
        }
        shown = next;
        out.flush();
    }

    /// Leaves the last picture and puts the cursor below it.
    public void close() {
        out.print(ESCAPE + Math.max(1, rows) + ";1H" + ESCAPE + "?25h\n");
        out.flush();
    }
}
