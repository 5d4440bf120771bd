package sallyport.lab.roster;

import static sallyport.lab.roster.PaperRelay.ascii;
import static sallyport.lab.roster.PaperRelay.published;
import static sallyport.lab.roster.PaperRelay.with;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.world.Entropy;
import sallyport.lab.authority.Answer;
import sallyport.lab.network.TorNode;
import sallyport.lab.vote.AuthorityDocuments;

/// The same uploads to an authority of C tor and to a roster, one after the other.
public final class UploadComparison {
    private static final UnaryOperator<String> UNCHANGED = UnaryOperator.identity();
    private static final Duration LONG_AGO = Duration.ofDays(60);

    private final Map<String, byte[]> uploads = new LinkedHashMap<>();

    private String fingerprint = "";

    /// An upload, and what became of it with either.
    public record Answered(String upload, Told theirs, Told ours) {}

    /// What was said to it, and what is known of the relay then: the documents handed out, or nothing.
    public record Told(Answer answer, String descriptor, String extraInfo) {}

    /// @param host of relays that nobody can reach, and that are therefore in no consensus
    public static Map<String, Answered> run(TorNode authority, String host, Entropy entropy) throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        UploadComparison comparison = new UploadComparison();
        comparison.plan(Objects.requireNonNull(RelayAddress.parseIp(host, 9_001)), entropy, now);
        RosterSettings settings = RosterSettings.testing();
        Roster roster = new Roster(settings, authority.fingerprint(), Kept.nothing(settings), now);
        Map<String, Answered> answered = new LinkedHashMap<>();
        String relay = comparison.fingerprint;
        for (Map.Entry<String, byte[]> upload : comparison.uploads.entrySet()) {
            Told ours = new Told(
                    roster.take(upload.getValue(), Instant.now()),
                    roster.descriptorOf(relay).map(held -> text(held.text())).orElse(""),
                    roster.extraInfoOf(relay).map(held -> text(held.text())).orElse(""));
            Told theirs = new Told(
                    post(authority, upload.getValue()),
                    get(authority, "/tor/server/fp/" + relay),
                    get(authority, "/tor/extra/fp/" + relay));
            answered.put(upload.getKey(), new Answered(upload.getKey(), theirs, ours));
        }
        return answered;
    }

    private void plan(RelayAddress address, Entropy entropy, Instant now) throws Exception {
        // Some minutes old, so that its next descriptors are no news from the future.
        Instant then = now.minus(Duration.ofMinutes(10));
        PaperRelay relay = new PaperRelay(entropy, address, then);
        fingerprint = relay.fingerprint();
        String good = text(relay.upload());
        String descriptor = text(relay.descriptor(UNCHANGED));
        uploads.put("nonsense", ascii("hello\n"));
        uploads.put("no text", new byte[] {'r', (byte) 0xff, 'x'});
        uploads.put("a byte order mark", "\ufeffrouter x\n".getBytes(StandardCharsets.UTF_8));
        uploads.put("signature broken", ascii(descriptor.replace("contact nobody", "contact n0body")));
        uploads.put("annotated", ascii("@purpose bridge\n" + descriptor));
        uploads.put("unfinished", ascii(descriptor.substring(0, descriptor.length() - 30)));
        uploads.put("extra-info alone", ascii(good.substring(good.indexOf("extra-info paper"))));
        changed("nickname", relay, "router paper", "router pa-per");
        changed("no ORPort", relay, address.host() + " 9001", address.host() + " 0");
        changed("accept6", relay, "\nproto", "\naccept6 *:*\nproto");
        changed("no policy", relay, "\n(accept|reject) .*", "");
        changed("uptime twice", relay, "\nproto", "\nuptime 1\nproto");
        changed("onion key of another", relay, "\nntor-onion-key ..", "\nntor-onion-key AA");
        changed("fingerprint of another", relay, "\nfingerprint ....", "\nfingerprint 0000");
        changed("cross-certificate's sign", relay, "\nntor-onion-key-crosscert .", "\nntor-onion-key-crosscert 2");
        changed("without crosscert", relay, "(?s)\nonion-key-crosscert.*?-----END CROSSCERT-----", "");
        changed(
                "no TAP key",
                relay,
                "(?s)\n(onion-key\n.*?-----END RSA PUBLIC KEY|onion-key-crosscert\n.*?-----END CROSSCERT)-----",
                "");
        changed("too long", relay, "\nproto", ("\nunknown " + "x".repeat(1_000)).repeat(20) + "\nproto");
        changed("platform of no version", relay, "\nplatform .*", "\nplatform Tor zero on Linux");
        changed("old version", relay, "\nplatform .*", "\nplatform Tor 0.4.7.16 on Linux");
        changed("oldest version but one", relay, "\nplatform .*", "\nplatform Tor 0.4.8.0-alpha on Linux");
        uploads.put("from the future", relay.descriptor(published(now.plus(Duration.ofHours(13)))));
        uploads.put("from the past", relay.descriptor(published(now.minus(Duration.ofHours(25)))));
        uploads.put("good", relay.upload());
        uploads.put("the same again", relay.upload());
        uploads.put("nothing new", relay.at(then.plusSeconds(60)).upload());
        uploads.put("older", relay.at(then.minusSeconds(60)).upload());
        uploads.put("other keys", relay.withAnotherEd25519(entropy).upload());
        uploads.put("with certificates long expired", expired(entropy, address, now));
        extraInfos(relay, then);
        uploads.put("moved", relay.at(then.plusSeconds(9)).descriptor(with(" 9001 0", " 9002 0")));
        String two = text(relay.descriptor(published(now.plus(Duration.ofHours(13)))))
                + text(new PaperRelay(entropy, address, then).upload());
        uploads.put("one of two from the future", ascii(two));
    }

    private void extraInfos(PaperRelay relay, Instant then) {
        UnaryOperator<String> moved = with(" 9001 0", " 9003 0");
        int second = 0;
        for (UnaryOperator<String> descriptor : List.of(
                with("extra-info-digest \\S+", "extra-info-digest " + "0".repeat(40)),
                with("extra-info-digest .*", "extra-info-digest " + "0".repeat(40) + " " + "B".repeat(42) + "A"),
                with("\nextra-info-digest .*", ""))) {
            second++;
            PaperRelay later = relay.at(then.plusSeconds(second));
            UnaryOperator<String> at = with(" 9001 0", " " + (9_100 + second) + " 0");
            uploads.put("extra-info " + second, later.upload(text -> at.apply(descriptor.apply(text)), UNCHANGED));
        }
        PaperRelay later = relay.at(then.plusSeconds(5));
        uploads.put("extra-info older", later.upload(moved, published(then)));
        PaperRelay latest = relay.at(then.plusSeconds(6));
        uploads.put("extra-info younger", latest.upload(with(" 9001 0", " 9004 0"), published(then.plusSeconds(7))));
        PaperRelay last = relay.at(then.plusSeconds(7));
        String line = ("\nunknown " + "x".repeat(1_000)).repeat(50);
        uploads.put(
                "extra-info too long",
                last.upload(with(" 9001 0", " 9005 0"), with("\npublished", line + "\npublished")));
    }

    private static byte[] expired(Entropy entropy, RelayAddress address, Instant now) throws Exception {
        return new PaperRelay(entropy, address, now.minus(LONG_AGO)).at(now).upload();
    }

    private void changed(String name, PaperRelay relay, String pattern, String other) {
        uploads.put(name, relay.descriptor(with(pattern, other)));
    }

    private static String get(TorNode authority, String path) {
        try {
            return text(AuthorityDocuments.get(authority, path));
        } catch (IOException none) {
            return "";
        }
    }

    private static Answer post(TorNode authority, byte[] body) throws IOException {
        URI uri = URI.create("http://" + authority.place().address() + ":"
                + authority.place().dirPort() + "/tor/");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        try {
            boolean notNew = "Yes".equals(connection.getHeaderField("X-Descriptor-Not-New"));
            return new Answer(connection.getResponseCode(), connection.getResponseMessage(), notNew);
        } finally {
            connection.disconnect();
        }
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }
}
