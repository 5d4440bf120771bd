package sallyport.lab.synthetic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.descriptor.DescriptorBuilder;
import sallyport.engine.descriptor.DescriptorSpec;
import sallyport.engine.descriptor.DescriptorTooLong;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.identity.SigningMaterial;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.world.World;

/// One relay with keys of its own and an address at which nobody listens.
final class SyntheticRelay {
    private static final String KEYS = "relays/synthetic/keys";
    private static final int OR_PORT = 9_001;
    // 127.224.0.0 and up: no Loopback is ever there.
    private static final int SECOND_BYTE = 224;
    private static final int HOSTS_PER_BYTE = 250;
    // As in the public network, more or less.
    private static final int RELAYS_PER_EXIT = 4;
    private static final int BYTES_PER_SECOND_STEP = 1_000;
    private static final int BYTES_PER_SECOND_STEPS = 10_000;

    private final int number;
    private final SigningMaterial signing;

    private SyntheticRelay(int number, SigningMaterial signing) {
        this.number = number;
        this.signing = signing;
    }

    /// Makes its keys.
    ///
    /// @param number from 0 on, each once
    /// @param primes a pool for two RSA keys a relay
    static SyntheticRelay make(int number, SharedPrimes primes, World world) {
        MemoryStorage storage = new MemoryStorage();
        storage.write(KEYS + "/secret_id_key", ascii(primes.pem(2 * number)));
        storage.write(KEYS + "/secret_onion_key", ascii(primes.pem(2 * number + 1)));
        try {
            return new SyntheticRelay(number, SigningMaterial.in(storage, KEYS, world.entropy(), world.clock()));
        } catch (KeyFileException | IOException e) {
            throw new IllegalStateException("keys in memory", e);
        }
    }

    /// 40 upper-case hex digits.
    String fingerprint() {
        return signing.identity().fingerprint();
    }

    /// Descriptor and extra-info, as authorities take them.
    ///
    /// @param family fingerprints of all its members, this relay included
    byte[] upload(SortedSet<String> family, World world) {
        try {
            DescriptorSpec spec = new DescriptorSpec(
                    "synthetic" + number,
                    address(),
                    null,
                    "synthetic relay " + number + " of a private network",
                    policy(),
                    family,
                    FamilyKeys.NONE,
                    BandwidthRates.UNLIMITED);
            long observed = (long) BYTES_PER_SECOND_STEP * (1 + number % BYTES_PER_SECOND_STEPS);
            return DescriptorBuilder.build(
                            spec,
                            signing,
                            new DescriptorBuilder.Moment(
                                    world.clock().instant(),
                                    Duration.ofHours(1),
                                    RelayKeys.ONION_ROTATION_DAYS,
                                    observed,
                                    List.of(),
                                    null))
                    .upload();
        } catch (DescriptorTooLong | ExitPolicyException e) {
            throw new IllegalStateException("a descriptor of ours", e);
        }
    }

    private RelayAddress address() {
        int third = number / HOSTS_PER_BYTE;
        return new RelayAddress(
                new byte[] {
                    127,
                    (byte) (SECOND_BYTE + third / HOSTS_PER_BYTE),
                    (byte) (third % HOSTS_PER_BYTE),
                    (byte) (1 + number % HOSTS_PER_BYTE)
                },
                OR_PORT);
    }

    private ExitPolicy policy() throws ExitPolicyException {
        List<String> lines = number % RELAYS_PER_EXIT == 0
                ? List.of("reject *:25", "reject *:119", "reject *:135-139", "reject *:445", "accept *:*")
                : List.of("reject *:*");
        return ExitPolicy.parse(lines, new ExitPolicyOptions(false, false, List.of()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
