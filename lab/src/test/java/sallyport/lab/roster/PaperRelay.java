package sallyport.lab.roster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.descriptor.DescriptorBuilder;
import sallyport.engine.descriptor.DescriptorSpec;
import sallyport.engine.descriptor.ServerDescriptor;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.SigningMaterial;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.netdoc.Times;
import sallyport.engine.world.Entropy;
import sallyport.lab.synthetic.MemoryStorage;

/// A relay that exists on paper: it says whatever a test wants, and signs it.
public final class PaperRelay {
    private static final String ED_SIGNATURE = "router-sig-ed25519 ";
    private static final String RSA_SIGNATURE = "router-signature\n";
    private static final byte[] PREFIX = ascii("Tor router descriptor signature v1");

    private static final String DIRECTORY = "relays/paper/keys";
    private static final String RSA_IDENTITY = DIRECTORY + "/secret_id_key";

    private final MemoryStorage files;
    private final SigningMaterial keys;
    private final RelayAddress address;
    private final Instant published;

    /// @param address with its ORPort
    /// @param published whole seconds; its keys are of then
    public PaperRelay(Entropy entropy, RelayAddress address, Instant published) throws Exception {
        this(new MemoryStorage(), entropy, address, published);
    }

    private PaperRelay(MemoryStorage files, Entropy entropy, RelayAddress address, Instant published) throws Exception {
        this(files, SigningMaterial.in(files, DIRECTORY, entropy, () -> published), address, published);
    }

    private PaperRelay(MemoryStorage files, SigningMaterial keys, RelayAddress address, Instant published) {
        this.files = files;
        this.keys = keys;
        this.address = address;
        this.published = published;
    }

    /// The same relay at another time.
    public PaperRelay at(Instant time) {
        return new PaperRelay(files, keys, address, time);
    }

    /// A relay with the same RSA identity and another Ed25519 identity.
    PaperRelay withAnotherEd25519(Entropy entropy) throws Exception {
        MemoryStorage copied = new MemoryStorage();
        copied.write(RSA_IDENTITY, files.read(RSA_IDENTITY, 10_000).orElseThrow());
        return new PaperRelay(copied, entropy, address, published);
    }

    public String fingerprint() {
        return keys.identity().fingerprint();
    }

    byte[] rsaDigest() {
        return keys.identity().rsaDigest();
    }

    byte[] ed25519() {
        return keys.identity().ed25519();
    }

    /// What it posts when nothing is wrong with it.
    public byte[] upload() {
        return upload(text -> text, text -> text);
    }

    /// What it posts of a descriptor that reads otherwise before it is signed, without extra-info.
    public byte[] descriptor(UnaryOperator<String> change) {
        return ascii(signed(change.apply(unsigned(built().descriptor()))));
    }

    /// Both documents, changed before they are signed; the descriptor names the changed extra-info.
    public byte[] upload(UnaryOperator<String> descriptor, UnaryOperator<String> extraInfo) {
        String extra = signed(extraInfo.apply(unsigned(built().extraInfo())));
        String named = unsigned(built().descriptor())
                .replaceFirst("\nextra-info-digest .*", "\nextra-info-digest " + digests(extra));
        return ascii(signed(descriptor.apply(named)) + extra);
    }

    /// Changes the publication time alone.
    public static UnaryOperator<String> published(Instant time) {
        return text -> text.replaceFirst("\npublished .*", "\npublished " + Times.text(time));
    }

    /// Replaces all that matches.
    public static UnaryOperator<String> with(String pattern, String other) {
        return text -> text.replaceAll(pattern, other.replace("$", "\\$"));
    }

    private ServerDescriptor built() {
        try {
            ExitPolicy policy = ExitPolicy.parse(
                    List.of("accept *:80", "accept *:443", "reject *:*"),
                    new ExitPolicyOptions(false, false, List.of()));
            DescriptorSpec spec = new DescriptorSpec(
                    "paper",
                    address,
                    null,
                    "nobody",
                    policy,
                    new TreeSet<>(Set.of()),
                    FamilyKeys.NONE,
                    BandwidthRates.UNLIMITED);
            return DescriptorBuilder.build(
                    spec,
                    keys,
                    new DescriptorBuilder.Moment(published, Duration.ofHours(1), 28, 100_000, List.of(), null));
        } catch (Exception e) {
            throw new IllegalStateException("a descriptor of ours", e);
        }
    }

    private static String unsigned(byte[] document) {
        String text = new String(document, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.indexOf(ED_SIGNATURE));
    }

    private String signed(String text) {
        String withEd = text + ED_SIGNATURE;
        withEd += Base64Text.unpadded(keys.edSign(Hashes.sha256(PREFIX, ascii(withEd)))) + "\n" + RSA_SIGNATURE;
        return withEd + "-----BEGIN SIGNATURE-----\n" + Base64Text.wrapped(keys.rsaSign(Hashes.sha1(ascii(withEd))))
                + "-----END SIGNATURE-----\n";
    }

    private static String digests(String extraInfo) {
        String part = extraInfo.substring(0, extraInfo.indexOf(RSA_SIGNATURE) + RSA_SIGNATURE.length());
        return Hex.upper(Hashes.sha1(ascii(part))) + " " + Base64Text.unpadded(Hashes.sha256(ascii(extraInfo)));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
