package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.load.SocksOpener;

/// Users through the client's SOCKS port, what moves through the relays meanwhile, and how long the users
/// waited.
final class LoadScene implements Scene {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);
    private static final int USERS = 20;
    private static final int VISITS_MAX = 5_000;
    private static final long SEED = 1;

    private final Mix mix;
    private final Duration duration;

    LoadScene(Mix mix, Duration duration) {
        this.mix = mix;
        this.duration = duration;
    }

    @Override
    public boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        try (LoadServer far =
                LoadServer.start(new InetSocketAddress(stage.network().freshAddress(), 0))) {
            Meter meter = new Meter(stage.dataDirectory());
            LoadPlan plan =
                    new LoadPlan(mix, WARM_UP, duration, USERS, SEED, VISITS_MAX, TIMEOUT, far.address(), Stage.SITE);
            stage.progress()
                    .step("users come for " + plan.warmUp().plus(duration).toSeconds() + " s");
            CompletableFuture<LoadReport> report = new CompletableFuture<>();
            Thread.ofVirtual().name("load").start(() -> run(stage, plan, report));
            meter.look();
            while (!isDone(report)) {
                stage.progress().print(out, Meter.TITLE);
                List<String> rows = meter.look();
                rows.forEach(out::println);
                out.flush();
            }
            LoadReport came = report.get();
            stage.progress().print(out, "");
            came.lines().forEach(out::println);
            out.println("           (that process is the " + stage.exits().size() + " exits"
                    + (stage.peer() == Peer.EMBEDDED ? "; all else of the network is in the load's)" : ")"));
            return came.isClean();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the load failed: "
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                    e);
        }
    }

    private static void run(Stage stage, LoadPlan plan, CompletableFuture<LoadReport> report) {
        try {
            InetSocketAddress socks = stage.network().socks();
            report.complete(LoadRun.run(
                    plan,
                    loop -> new SocksOpener(loop, socks),
                    List.of(stage.sallyport().pid())));
        } catch (IOException | InterruptedException | RuntimeException e) {
            report.completeExceptionally(e);
        }
    }

    private static boolean isDone(CompletableFuture<LoadReport> report) throws InterruptedException {
        try {
            var _ = report.get(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
