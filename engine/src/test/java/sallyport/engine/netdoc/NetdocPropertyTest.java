package sallyport.engine.netdoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;

/// Any bytes are read or are [Malformed]; nothing else escapes, and whatever was changed is not believed.
class NetdocPropertyTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 1_500);
    private static final long SEED = Long.getLong("seed", 20_261_121L);

    @FunctionalInterface
    private interface Parser {
        void parse(byte[] document) throws Malformed, Refused;
    }

    @ParameterizedTest
    @ValueSource(strings = {"consensus", "consensus-microdesc", "certs", "microdescs", "descriptors"})
    void mutatedDocumentsAreReadOrMalformed(String name) throws Malformed, Refused {
        byte[] real = Captured.read(name);
        DirectoryTrust trust = Captured.trust().with(Captured.certificates());
        Parser parser = parser(name, trust);
        Random random = new Random(SEED + name.hashCode());
        int malformed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] document = mutate(real, random);
            try {
                parser.parse(document);
            } catch (Malformed | Refused e) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + " round " + round, e);
            }
        }
        assertThat(malformed).isPositive();
    }

    /// The relays of a consensus are read only after its signatures; here they are read without.
    @ParameterizedTest
    @ValueSource(strings = {"consensus", "consensus-microdesc"})
    void mutatedEntriesOfRelaysAreReadOrMalformed(String name) {
        byte[] real = Captured.read(name);
        int from = Search.indexOf(real, 0, real.length, Search.ascii("\nr ")) + 1;
        int to = Search.indexOf(real, 0, real.length, Search.ascii("\ndirectory-footer")) + 1;
        byte[] entries = Arrays.copyOfRange(real, from, to);
        Flavor flavor = name.equals("consensus") ? Flavor.NS : Flavor.MICRODESC;
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] document = mutate(entries, random);
            try {
                assertThat(RouterStatuses.parse(document, 0, document.length, flavor))
                        .hasSizeLessThan(20);
            } catch (Malformed e) {
                // as it should
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + " round " + round, e);
            }
        }
    }

    private static Parser parser(String name, DirectoryTrust trust) {
        return switch (name) {
            case "certs" ->
                document -> {
                    for (Unverified<AuthorityCertificate> one : AuthorityCertificate.parseAll(document)) {
                        assertThat(one.verify(trust, Captured.THEN).encoded()).isNotEmpty();
                    }
                };
            case "microdescs" ->
                document -> assertThat(Microdescriptor.parseAll(document)).hasSizeLessThan(200);
            case "descriptors" ->
                document -> {
                    for (Unverified<RouterDescriptor> one : RouterDescriptor.parseAll(document)) {
                        one.verify(trust, Captured.THEN);
                    }
                };
            default -> document -> UnverifiedConsensus.parse(document).verify(trust, Captured.THEN);
        };
    }

    /// One to four changes: bytes flipped, lines dropped, doubled, swapped or cut, blocks of noise, a cut end.
    private static byte[] mutate(byte[] real, Random random) {
        byte[] out = real.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && out.length > 0; n--) {
            out = switch (random.nextInt(6)) {
                case 0 -> flip(out, random);
                case 1 -> Arrays.copyOf(out, random.nextInt(out.length + 1));
                case 2 -> lines(out, random, true);
                case 3 -> lines(out, random, false);
                case 4 -> noise(out, random);
                default -> splice(out, random);
            };
        }
        return out;
    }

    private static byte[] flip(byte[] in, Random random) {
        in[random.nextInt(in.length)] = (byte) random.nextInt(256);
        return in;
    }

    private static byte[] noise(byte[] in, Random random) {
        byte[] block = new byte[random.nextInt(64)];
        random.nextBytes(block);
        int at = random.nextInt(in.length);
        System.arraycopy(block, 0, in, at, Math.min(block.length, in.length - at));
        return in;
    }

    private static byte[] splice(byte[] in, Random random) {
        int from = random.nextInt(in.length);
        int length = random.nextInt(Math.min(200, in.length - from) + 1);
        int at = random.nextInt(in.length);
        byte[] out = new byte[in.length + length];
        System.arraycopy(in, 0, out, 0, at);
        System.arraycopy(in, from, out, at, length);
        System.arraycopy(in, at, out, at + length, in.length - at);
        return out;
    }

    private static byte[] lines(byte[] in, Random random, boolean drop) {
        List<String> lines =
                new ArrayList<>(List.of(new String(in, java.nio.charset.StandardCharsets.ISO_8859_1).split("\n", -1)));
        int at = random.nextInt(lines.size());
        if (drop) {
            lines.remove(at);
        } else {
            lines.set(at, lines.get(at) + " " + lines.get(random.nextInt(lines.size())));
            lines.add(at, lines.get(random.nextInt(lines.size())));
        }
        return String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
