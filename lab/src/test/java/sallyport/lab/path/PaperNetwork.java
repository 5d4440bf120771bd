package sallyport.lab.path;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Microdescriptor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.ProtocolVersions;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.world.Entropy;
import sallyport.lab.guard.GuardListing;
import sallyport.lab.guard.ListedGuard;

/// A network made of a few lines, which never was: who may stand where in a path.
public final class PaperNetwork {
    /// When its consensus lives.
    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    final List<PathRelay> relays = new ArrayList<>();
    final Map<String, Integer> weights = new HashMap<>();

    /// Guards that let nobody out, numbered from 0.
    public void someRelays(int count) {
        for (int i = 0; i < count; i++) {
            add(i, "reject 1-65535", "", "Guard");
        }
    }

    /// @param ports of its policy's summary
    /// @param family lines of its microdescriptor
    public void add(int number, String ports, String family, String... flags) {
        add(number, ports, family, number, flags);
    }

    /// A relay of that bandwidth, in kB/s.
    public void add(int number, String ports, int bandwidthKb, String... flags) {
        add(number, ports, "", number, bandwidthKb, flags);
    }

    void add(int number, String ports, String family, int network, String... flags) {
        add(number, ports, family, network, 1_000, flags);
    }

    void add(int number, String ports, String family, int network, int bandwidthKb, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("Running", "Valid", "Fast"));
        RouterStatus status = new RouterStatus(
                identity(number),
                "relay" + number,
                List.of(new RelayAddress(new byte[] {10, (byte) network, 0, (byte) number}, 9001)),
                Set.copyOf(all),
                bandwidthKb,
                new ProtocolVersions("Relay=1-4 FlowCtrl=1-2 Conflux=1"));
        relays.add(PathRelay.of(status, microdescriptor(number, ports, family)));
    }

    private static Microdescriptor microdescriptor(int number, String ports, String family) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(key);
        String text =
                "onion-key\nntor-onion-key " + base64 + "\n" + family + "p " + ports + "\nid ed25519 " + base64 + "\n";
        try {
            return Microdescriptor.parseAll(text.getBytes(StandardCharsets.US_ASCII))
                    .getFirst();
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] identity(int number) {
        byte[] identity = new byte[20];
        identity[0] = (byte) number;
        identity[19] = 1;
        return identity;
    }

    /// 40 upper-case hex digits.
    public static String fingerprint(int number) {
        return Hex.upper(identity(number));
    }

    /// As it is now.
    public PathRelays network() {
        List<ListedGuard> guards = relays.stream()
                .filter(relay -> relay.has("Guard"))
                .map(relay -> new ListedGuard(relay.fingerprint(), relay.nickname(), relay.bandwidthKb()))
                .toList();
        return new PathRelays(
                relays,
                relays.size(),
                new NetworkParameters(weights),
                NetworkParameters.NONE,
                new GuardListing(guards, NetworkParameters.NONE, NOW, NOW));
    }

    /// The same numbers each time.
    public static final class Seeded implements Entropy {
        private final Random random = new Random(5);

        @Override
        public void secret(byte[] out, int offset, int length) {
            padding(out, offset, length);
        }

        @Override
        public long jitter(long bound) {
            return random.nextLong(bound);
        }

        @Override
        public void padding(byte[] out, int offset, int length) {
            for (int i = 0; i < length; i++) {
                out[offset + i] = (byte) random.nextInt();
            }
        }
    }
}
