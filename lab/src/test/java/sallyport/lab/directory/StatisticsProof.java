package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.world.RealWorld;
import sallyport.lab.control.ControlClient;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;

/// The statistics of extra-info documents, where C tor can be asked. It counts for a day, which nothing shortens; but
/// it
/// publishes any files of its `stats` directory that are young enough. So a relay of C tor is given files of ours, and
/// a relay of ours, which counts for half a minute, is published beside it.
final class StatisticsProof {
    /// Everything that can be counted.
    static final String CONFIGURED = "statistics { entries = true, cells = true, exit-ports = true,"
            + " link-directions = true, period = 30 s }";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern DIGEST = Pattern.compile("(?m)^extra-info-digest ([0-9A-F]{40}) ");
    private static final Pattern OBJECT = Pattern.compile("-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?");
    private static final Pattern OBSERVED = Pattern.compile("(?m)^bandwidth [0-9]+ [0-9]+ ([0-9]+)$");

    private final PrivateNetwork network;
    private final SallyportProcess sallyport;
    private final Identity ours;
    private final TorNode theirs;

    StatisticsProof(PrivateNetwork network, SallyportProcess sallyport, Identity ours) {
        this.network = network;
        this.sallyport = sallyport;
        this.ours = ours;
        this.theirs = network.relays().getFirst();
    }

    /// Every statistic of a period without events, as our code writes it, where C tor looks for its own.
    void giveOurFilesToCTor() throws Exception {
        Path stats = Files.createDirectories(theirs.data().resolve("stats"));
        try (RealWorld world = new RealWorld(network.leash().directory().resolve("counting"), 1, (_, _, _) -> {})) {
            RelayStatistics statistics = new RelayStatistics(world, new BandwidthHistory(0), Duration.ofNanos(1));
            statistics.follow(Set.of(StatisticKind.values()), true);
            statistics.pass();
            for (var each : statistics.finished().entrySet()) {
                Files.write(stats.resolve(each.getKey().file()), each.getValue().lines());
            }
        }
        // Without a database of countries C tor counts neither clients nor requests.
        Path countries = Files.writeString(stats.resolveSibling("countries"), "16777216,16777471,AU\n");
        Path countriesIpv6 = Files.writeString(stats.resolveSibling("countries6"), "2001:200::,2001:200:ffff::,JP\n");
        try (ControlClient control = theirs.control()) {
            control.setConf(
                    "GeoIPFile=" + countries,
                    "GeoIPv6File=" + countriesIpv6,
                    "DirReqStatistics=1",
                    "EntryStatistics=1",
                    "CellStatistics=1",
                    "ExitPortStatistics=1",
                    "ConnDirectionStatistics=1",
                    "ContactInfo=counting");
        }
    }

    /// Until a period has ended in which somebody fetched a consensus from us.
    void awaitCounted() {
        Path file = network.leash()
                .directory()
                .resolve("sallyport")
                .resolve("data")
                .resolve("relays")
                .resolve(ours.id())
                .resolve("stats")
                .resolve(StatisticKind.DIRECTORY_REQUESTS.file());
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(file).content().contains("dirreq-v3-reqs ??=8\n"));
    }

    /// Has both publish, and looks at what an authority took.
    void comparePublished() throws Exception {
        Path file = sallyport.configFile();
        Files.writeString(file, Files.readString(file).replace("lab[]example.org", "counting[]example.org"));
        sallyport.reload();
        try (ControlClient authority = network.authorities().getFirst().control()) {
            String mine = awaitExtraInfo(authority, ours.fingerprint(), "contact counting[]example.org");
            assertThat(mine)
                    .contains("\ndirreq-v3-ips ??=8\ndirreq-v3-reqs ??=8\ndirreq-v3-resp served=8,ok=8,")
                    .contains("\nentry-ips ??=8\n")
                    .containsPattern(
                            "\nhidserv-rend-v3-relayed-cells -?[0-9]+ delta_f=2048 epsilon=0.30 bin_size=1024\n")
                    .containsPattern("\npadding-counts .* write-total=[1-9][0-9]*0000 ")
                    .containsPattern("\ncell-processed-cells [1-9]");
            assertThat(observed(authority)).isPositive();

            SortedSet<String> keywords = keywords(awaitExtraInfo(authority, theirs.fingerprint(), "contact counting"));
            // We have no database of countries; C tor tells of padding after its first day.
            assertThat(keywords.removeIf(keyword -> keyword.startsWith("geoip")))
                    .isTrue();
            assertThat(keywords.add(StatisticKind.PADDING.file())).isTrue();
            assertThat(keywords(mine)).isEqualTo(keywords);
        }
        for (TorNode each : network.authorities()) {
            assertThat(each.warnings()).noneMatch(line -> line.contains("xtra-info") || line.contains("extrainfo"));
        }
    }

    private static String awaitExtraInfo(ControlClient authority, String fingerprint, String ofDescriptor)
            throws Exception {
        String[] found = new String[1];
        await().atMost(PATIENCE).untilAsserted(() -> {
            String descriptor = authority.infoIfKnown("desc/id/" + fingerprint);
            assertThat(descriptor).isNotNull().contains("\n" + ofDescriptor + "\n");
            found[0] = extraInfo(authority, Objects.requireNonNull(descriptor));
            assertThat(found[0]).isNotNull();
        });
        return found[0];
    }

    private static @Nullable String extraInfo(ControlClient authority, String descriptor)
            throws IOException, InterruptedException {
        Matcher digest = DIGEST.matcher(descriptor);
        return digest.find() ? authority.infoIfKnown("extra-info/digest/" + digest.group(1)) : null;
    }

    private long observed(ControlClient authority) throws IOException, InterruptedException {
        Matcher observed = OBSERVED.matcher(authority.info("desc/id/" + ours.fingerprint()));
        return observed.find() ? Long.parseLong(observed.group(1)) : 0;
    }

    private static SortedSet<String> keywords(String document) {
        SortedSet<String> keywords = new TreeSet<>();
        OBJECT.matcher(document).replaceAll("").lines().forEach(line -> keywords.add(line.split(" ", 2)[0]));
        return keywords;
    }
}
