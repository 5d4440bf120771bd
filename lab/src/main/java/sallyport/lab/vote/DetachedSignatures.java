package sallyport.lab.vote;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Values;

/// Signatures of consensuses without the consensuses (dir-spec 3.10), as authorities exchange them. Read,
/// not believed: [SignedConsensus] checks each.
///
/// @param digests of the consensus of each flavour, in upper-case hex
public record DetachedSignatures(
        Instant validAfter,
        Instant freshUntil,
        Instant validUntil,
        Map<Flavor, String> digests,
        Map<Flavor, List<ConsensusSignature>> signatures) {
    /// Ours: as for a network of a hundred authorities.
    public static final int BYTES_MAX = 256 * 1024;

    private static final int SHA1_BYTES = 20;
    private static final int SHA256_BYTES = 32;
    // As C tor.
    private static final int SIGNATURE_BYTES_MIN = 128;
    private static final int SIGNATURE_BYTES_MAX = 512;

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("consensus-digest", 1).at(Place.FIRST),
            Rule.any("additional-digest", 3),
            Rule.once("valid-after", 2),
            Rule.once("fresh-until", 2),
            Rule.once("valid-until", 2),
            Rule.any("additional-signature", 4).with(ObjectRule.NEEDED),
            Rule.atLeastOnce("directory-signature", 2).with(ObjectRule.NEEDED));

    public static DetachedSignatures parse(byte[] document) throws Malformed {
        if (document.length > BYTES_MAX) {
            throw new Malformed("too many signatures");
        }
        Items items = Items.read(document, 0, document.length, SYNTAX);
        Map<Flavor, String> digests = new HashMap<>();
        digests.put(Flavor.NS, digest(items.one("consensus-digest").argument(0), SHA1_BYTES));
        for (Item line : items.all("additional-digest")) {
            if (isMicrodesc(line)) {
                digests.putIfAbsent(Flavor.MICRODESC, digest(line.argument(2), SHA256_BYTES));
            }
        }
        Map<Flavor, List<ConsensusSignature>> signatures = new HashMap<>();
        for (Item line : items.all("directory-signature")) {
            add(signatures, Flavor.NS, line, 0);
        }
        for (Item line : items.all("additional-signature")) {
            if (isMicrodesc(line)) {
                add(signatures, Flavor.MICRODESC, line, 2);
            }
        }
        return new DetachedSignatures(
                Times.parse(items.one("valid-after").line()),
                Times.parse(items.one("fresh-until").line()),
                Times.parse(items.one("valid-until").line()),
                digests,
                signatures);
    }

    /// Other flavours and algorithms may come; we know these.
    private static boolean isMicrodesc(Item line) throws Malformed {
        return line.argument(0).equals(Flavor.MICRODESC.word())
                && line.argument(1).equals("sha256");
    }

    private static String digest(String hex, int bytes) throws Malformed {
        return Hex.upper(Values.hex(hex, bytes));
    }

    private static void add(Map<Flavor, List<ConsensusSignature>> all, Flavor flavor, Item line, int from)
            throws Malformed {
        byte[] signature = line.objectOf("SIGNATURE");
        if (signature.length < SIGNATURE_BYTES_MIN || signature.length > SIGNATURE_BYTES_MAX) {
            throw new Malformed("a signature of an odd length");
        }
        ConsensusSignature one = new ConsensusSignature(
                digest(line.argument(from), SHA1_BYTES), digest(line.argument(from + 1), SHA1_BYTES), signature);
        List<ConsensusSignature> ofFlavor = all.computeIfAbsent(flavor, _ -> new ArrayList<>());
        Set<String> names = new HashSet<>();
        ofFlavor.forEach(known -> names.add(known.keys()));
        // As C tor: of two by the same keys the first counts.
        if (names.add(one.keys())) {
            ofFlavor.add(one);
        }
    }
}
