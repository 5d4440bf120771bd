package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sallyport.lab.load.Mix;
import sallyport.lab.network.LabNetwork.WayOut;
import sallyport.lab.overload.Phase;
import sallyport.lab.overload.Watch;
import sallyport.lab.traffic.TestDns;

/// Things break under a client's hands, one exit at a time, and mend; users of an exit that is left in
/// peace go on all the while.
final class BreakScene implements Scene {
    /// One that is stopped and one whose address is cut; the users' one between them.
    static final int EXITS_MIN = 3;

    // C tor's relays try an address that did not answer again after a minute (its OR_CONNECT_FAILURE_LIFETIME).
    private static final Duration BACK_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration AGAIN = Duration.ofMillis(500);
    // Ours: as long as all that is broken here takes.
    private static final Duration USERS_COME = Duration.ofSeconds(45);
    // Ours: users of an exit that nothing happens to wait some tenths of a second, or as many seconds where the
    // machine has much else to do; whoever waits for what is broken waits for half a minute.
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);
    private static final Mix USERS = Mix.parse("web=1,chat=2");

    private int number;

    @Override
    public boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        Stage.Exit stopped = stage.exits().getFirst();
        Stage.Exit left = stage.exits().get(1);
        Stage.Exit cut = stage.exits().getLast();
        stage.progress().step("users of " + left.name() + " get ready");
        try (Users users = Users.join(stage)) {
            Meter meter = new Meter(stage.dataDirectory());
            Watch watch = new Watch(
                    stage.sallyport(),
                    users.through(List.of(left)),
                    USERS,
                    USERS_COME,
                    users.far().address(),
                    Stage.SITE);
            CompletableFuture<Phase> unharmed = new CompletableFuture<>();
            Thread.ofVirtual().name("users").start(() -> run(watch, unharmed));
            boolean mended = stop(stage, meter, stopped, out);
            mended &= breakDns(stage, stopped, out);
            mended &= cut(stage, meter, cut, out);
            stage.progress().step("the users of " + left.name() + " finish");
            Phase phase = unharmed.get();
            stage.progress().print(out, "");
            out.println("Meanwhile, the users of " + left.name() + ":");
            phase.report().lines().stream()
                    .takeWhile(line -> !line.startsWith("processor"))
                    .forEach(out::println);
            Duration waited = phase.report().longestWait();
            boolean harmed = waited.compareTo(WAIT_MAX) > 0;
            out.println(String.format(
                    Locale.ROOT,
                    "nobody of them waited longer than %.1f s for a first byte%s",
                    waited.toMillis() / 1e3,
                    harmed ? ", WHICH IS TOO LONG: " + WAIT_MAX.toSeconds() + " s at most" : ""));
            return mended && phase.report().isClean() && !harmed;
        } catch (ExecutionException e) {
            throw new IOException(
                    "the users failed: "
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                    e);
        }
    }

    private boolean stop(Stage stage, Meter meter, Stage.Exit exit, PrintWriter out)
            throws IOException, InterruptedException {
        stage.progress().step("stopping " + exit.name());
        meter.order("stop", exit.id());
        say(stage, out, exit.name() + " is stopped: it is " + meter.state(exit.id()));
        say(stage, out, "  a client: " + fetch(stage, exit, Stage.SITE));
        long begin = System.nanoTime();
        meter.order("start", exit.id());
        return back(stage, exit, begin, out);
    }

    private boolean breakDns(Stage stage, Stage.Exit exit, PrintWriter out) throws IOException, InterruptedException {
        stage.progress().step("the name server fails");
        TestDns dns = stage.network().dns();
        String address = stage.site().address().getAddress().getHostAddress();
        dns.fail("broken.example", TestDns.SERVFAIL);
        say(stage, out, "the name server answers SERVFAIL");
        say(stage, out, "  a client: " + fetch(stage, exit, "broken.example"));
        dns.silence("silent.example");
        say(stage, out, "the name server is silent");
        say(stage, out, "  a client: " + fetch(stage, exit, "silent.example"));
        dns.put("mended.example", address);
        say(stage, out, "the name server is back");
        String outcome = fetch(stage, exit, "mended.example");
        say(stage, out, "  a client: " + outcome);
        return outcome.startsWith("a page");
    }

    private boolean cut(Stage stage, Meter meter, Stage.Exit exit, PrintWriter out)
            throws IOException, InterruptedException {
        stage.progress().step("cutting the address of " + exit.name());
        stage.cut();
        say(
                stage,
                out,
                "the address of " + exit.name()
                        + " is cut: nobody reaches it anew, it runs on, with the links it has made");
        say(stage, out, "  a client: " + fetch(stage, exit, Stage.SITE));
        say(stage, out, "  " + exit.name() + " is " + meter.state(exit.id()));
        long begin = System.nanoTime();
        stage.mend();
        return back(stage, exit, begin, out);
    }

    private boolean back(Stage stage, Stage.Exit exit, long begin, PrintWriter out) throws InterruptedException {
        stage.progress().step(exit.name() + " is mended; relays that found nobody there try again after a minute");
        String outcome = "";
        while (!outcome.startsWith("a page") && System.nanoTime() - begin < BACK_TIMEOUT.toNanos()) {
            outcome = fetch(stage, exit, Stage.SITE);
            Thread.sleep(AGAIN);
        }
        say(
                stage,
                out,
                String.format(
                        Locale.ROOT,
                        "%s is mended, after %.1f s a client: %s",
                        exit.name(),
                        (System.nanoTime() - begin) / 1e9,
                        outcome));
        return outcome.startsWith("a page");
    }

    private static String fetch(Stage stage, Stage.Exit exit, String host) throws InterruptedException {
        long begin = System.nanoTime();
        try (WayOut way = stage.network().through(exit.fingerprint())) {
            String source =
                    way.fetch().get(host, stage.site().port(), "/source").text();
            return "a page from " + host + ", which saw " + source.strip();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            // C tor's event names the path, which says nothing here.
            int event = why.indexOf(": CIRC ");
            return String.format(
                    Locale.ROOT,
                    "no page after %.1f s: %s",
                    (System.nanoTime() - begin) / 1e9,
                    event < 0 ? why : why.substring(0, event));
        }
    }

    private static void run(Watch watch, CompletableFuture<Phase> phase) {
        try {
            phase.complete(watch.phase("unharmed"));
        } catch (IOException | InterruptedException | RuntimeException e) {
            phase.completeExceptionally(e);
        }
    }

    private void say(Stage stage, PrintWriter out, String line) {
        String mark = line.startsWith(" ") ? "   " : ++number + ". ";
        stage.progress().print(out, mark + line.strip());
    }
}
