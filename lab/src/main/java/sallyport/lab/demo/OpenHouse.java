package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/// The stage is left to whoever wants to try it, with lines to copy and what moves through the relays.
final class OpenHouse implements Scene {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    // As much as fits below the hints on a small screen.
    private static final int ROWS_MAX = 8;

    private final Duration open;
    private final boolean moves;

    /// @param moves whether figures may be written over older ones: on a terminal
    OpenHouse(Duration open, boolean moves) {
        this.open = open;
        this.moves = moves;
    }

    @Override
    public boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        String socks = stage.network().socks().getAddress().getHostAddress() + ":"
                + stage.network().socks().getPort();
        String site = Stage.SITE + ":" + stage.site().port();
        String process = " --data-directory " + stage.dataDirectory();
        Stage.Exit first = stage.exits().getFirst();
        stage.progress().print(out, "");
        out.println("It is yours to try, in another terminal:");
        next(out, "a page through an exit", "curl --socks5-hostname " + socks + " http://" + site + "/source");
        next(
                out,
                "users, ten a second",
                "./sallyport load --socks " + socks + " --mix web=2,chat=4,resolve=4 --name " + Stage.SITE);
        next(out, "what the relays do", "./sallyport top" + process);
        next(out, "one of them", "./sallyport relay show " + first.id() + process);
        next(out, "it leaves, and comes back", "./sallyport relay restart " + first.id() + " --within 20" + process);
        next(
                out,
                "metrics for Prometheus",
                "curl -H \"Authorization: Bearer $(cat " + stage.tokenFile() + ")\" http://" + stage.metrics()
                        + "/metrics");
        out.println();
        out.flush();
        watch(stage, out);
        return true;
    }

    private void watch(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        long end = System.nanoTime() + open.toNanos();
        Meter meter = new Meter(stage.dataDirectory());
        int drawn = draw(meter, out, 0);
        while (System.nanoTime() < end) {
            Thread.sleep(Math.min(LOOK_INTERVAL.toMillis(), Math.max(1, (end - System.nanoTime()) / 1_000_000)));
            if (moves) {
                drawn = draw(meter, out, drawn);
            }
        }
    }

    private static int draw(Meter meter, PrintWriter out, int drawn) throws IOException {
        List<String> rows = meter.look();
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
        }
        out.println(Meter.TITLE);
        List<String> shown = rows.subList(0, Math.min(rows.size(), ROWS_MAX));
        shown.forEach(out::println);
        if (rows.size() > shown.size()) {
            out.println("and " + (rows.size() - shown.size()) + " more");
        }
        out.flush();
        return 1 + shown.size() + (rows.size() > shown.size() ? 1 : 0);
    }

    private static void next(PrintWriter out, String what, String command) {
        out.println("  # " + what);
        out.println("  " + command);
    }
}
