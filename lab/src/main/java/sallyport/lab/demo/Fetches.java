package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import sallyport.lab.network.LabNetwork.WayOut;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// A page through each exit, from the address it should come from.
final class Fetches implements Scene {
    private static final long FETCH_BYTES = 1 << 20;

    @Override
    public boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        TestServer site = stage.site();
        String expected = site.sha256(FETCH_BYTES);
        boolean all = true;
        for (Stage.Exit exit : stage.exits()) {
            stage.progress().step("fetching through " + exit.name());
            String line;
            try (WayOut way = stage.network().through(exit.fingerprint())) {
                long start = System.nanoTime();
                Fetched page = way.fetch().get(Stage.SITE, site.port(), "/bytes/" + FETCH_BYTES);
                long millis = (System.nanoTime() - start) / 1_000_000;
                String source = way.fetch()
                        .get(Stage.SITE, site.port(), "/source")
                        .text()
                        .strip();
                boolean exact = page.sha256().equals(expected) && page.length() == FETCH_BYTES;
                boolean right = source.equals(exit.source());
                all &= exact && right;
                line = page.length() + " bytes " + (exact ? "as sent" : "NOT AS SENT") + " in " + millis
                        + " ms, the server saw " + source + (right ? "" : " INSTEAD OF " + exit.source());
            } catch (IOException e) {
                all = false;
                line = "FAILED: " + e.getMessage();
            }
            stage.progress().print(out, exit.name() + "  " + exit.fingerprint() + "  " + line);
        }
        return all;
    }
}
