package sallyport.engine.accounting;

import java.util.List;
import sallyport.engine.world.Entropy;

/// What we did for onion services (dir-spec `hidserv-v3-stats-end` and what follows it). Each figure has noise on top
/// of
/// its rounding. Runs on: the instance's loop.
public final class OnionServiceActivity implements Statistic {
    // dir-spec "hidserv-rend-v3-relayed-cells" and "hidserv-dir-v3-onions-seen".
    static final LaplaceNoise CELLS = new LaplaceNoise(2048, 0.3, 1024);
    static final LaplaceNoise SERVICES = new LaplaceNoise(8, 0.3, 8);

    private final Entropy entropy;
    private final String version;
    private final UniqueCount services;
    private boolean begun;
    private long cells;

    private OnionServiceActivity(Entropy entropy, String version) {
        this.entropy = entropy;
        this.version = version;
        this.services = new UniqueCount(entropy);
    }

    static OnionServiceActivity ofVersion3(Entropy entropy) {
        return new OnionServiceActivity(entropy, "v3-");
    }

    /// Nothing is ever counted: nobody can meet here with the handshakes of version 2.
    static OnionServiceActivity ofVersion2(Entropy entropy) {
        return new OnionServiceActivity(entropy, "");
    }

    /// A relay cell came on one of two joined circuits.
    public void relayed() {
        if (begun) {
            cells++;
        }
    }

    /// A descriptor was stored.
    ///
    /// @param blindedKey borrowed and not kept
    public void stored(byte[] blindedKey) {
        if (begun) {
            services.add(blindedKey);
        }
    }

    long cells() {
        return cells;
    }

    long services() {
        return services.count();
    }

    @Override
    public void begin(long nowNanos) {
        begun = true;
        cells = 0;
        services.clear();
    }

    @Override
    public List<String> lines(String day, long nowNanos) {
        return List.of(
                "hidserv-" + version + "stats-end " + day,
                line("hidserv-rend-" + version + "relayed-cells", cells(), CELLS),
                line("hidserv-dir-" + version + "onions-seen", services(), SERVICES));
    }

    private String line(String keyword, long number, LaplaceNoise noise) {
        return keyword + " " + noise.blur(number, entropy) + " delta_f=" + noise.deltaF() + " epsilon="
                + Decimals.of(noise.epsilon(), 2) + " bin_size=" + noise.binSize();
    }
}
