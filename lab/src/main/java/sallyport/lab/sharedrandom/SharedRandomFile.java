package sallyport.lab.sharedrandom;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Values;
import sallyport.lab.vote.Commitment;
import sallyport.lab.vote.SharedRandom;

/// The state as C tor keeps it on disk (srv-spec 4.3), so that an authority comes back into the run it was
/// in, with either program. It holds the number not yet revealed: nobody else may read it.
public final class SharedRandomFile {
    /// The name of the file, as C tor's.
    public static final String NAME = "sr-state";
    /// Ours: a thousand authorities would fit.
    public static final int BYTES_MAX = 256 << 10;

    private static final String COMMIT = "Commit";
    private static final String PREVIOUS = "SharedRandPreviousValue";
    private static final String CURRENT = "SharedRandCurrentValue";
    private static final String PROGRAM = "TorVersion";
    private static final String VALID_AFTER = "ValidAfter";
    private static final String VALID_UNTIL = "ValidUntil";
    private static final String VERSION = "Version";
    private static final int COMMIT_ARGUMENTS_MIN = 3;

    private final List<Commitment> commitments = new ArrayList<>();
    private SharedRandom.@Nullable Value previous;
    private SharedRandom.@Nullable Value current;
    private @Nullable Instant validAfter;
    private @Nullable Instant validUntil;
    private boolean known;

    private SharedRandomFile() {}

    /// The file's content.
    public static byte[] write(SharedRandomState state) {
        SharedRandomState.Kept kept = state.kept();
        StringBuilder text = new StringBuilder("# The state of the shared random protocol, all times in UTC.\n\n");
        kept.commitments().forEach(commitment -> line(text, COMMIT, commitment.line(true)));
        if (kept.previous() != null) {
            line(text, PREVIOUS, kept.previous().line());
        }
        if (kept.current() != null) {
            line(text, CURRENT, kept.current().line());
        }
        line(text, PROGRAM, "Sallyport");
        line(text, VALID_AFTER, Times.text(kept.validAfter()));
        line(text, VALID_UNTIL, Times.text(kept.validUntil()));
        line(text, VERSION, Integer.toString(Commitment.VERSION));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// The state in a file; empty for one whose run is over, or that cannot be read: then the authority
    /// begins anew, as C tor does.
    ///
    /// @param interval from one consensus to the next
    public static Optional<SharedRandomState> read(
            byte[] content, SharedRandomState.Self self, Instant now, Duration interval) {
        SharedRandomFile file = new SharedRandomFile();
        try {
            for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                file.read(line.strip());
            }
        } catch (Malformed e) {
            return Optional.empty();
        }
        Instant from = file.validAfter;
        Instant until = file.validUntil;
        if (!file.known || from == null || until == null || until.isBefore(now) || !from.isBefore(until)) {
            return Optional.empty();
        }
        return Optional.of(SharedRandomState.restored(
                self,
                new SharedRandomState.Kept(from, until, file.commitments, file.previous, file.current),
                interval));
    }

    private void read(String line) throws Malformed {
        int space = line.indexOf(' ');
        if (space < 0 || line.startsWith("#")) {
            return;
        }
        String value = line.substring(space + 1).strip();
        switch (line.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "commit" -> commitment(value);
            case "sharedrandpreviousvalue" -> previous = value(value, previous);
            case "sharedrandcurrentvalue" -> current = value(value, current);
            case "validafter" -> validAfter = Times.parse(value);
            case "validuntil" -> validUntil = Times.parse(value);
            case "version" -> known = Values.number(value, 1, Integer.MAX_VALUE) <= Commitment.VERSION;
            default -> {
                // Of a later version, which C tor passes over as well.
            }
        }
    }

    /// As C tor: a short line spoils the file, any other that makes no sense is passed over.
    private void commitment(String value) throws Malformed {
        List<String> arguments = Arrays.asList(value.split(" +", -1));
        if (arguments.size() < COMMIT_ARGUMENTS_MIN) {
            throw new Malformed("a commitment too short");
        }
        Commitment commitment = Commitment.of(arguments);
        if (commitment != null) {
            commitments.add(commitment);
        }
    }

    private static SharedRandom.Value value(String text, SharedRandom.@Nullable Value before) throws Malformed {
        SharedRandom.Value value = SharedRandom.Value.of(text);
        if (value == null || before != null) {
            throw new Malformed("a value misshapen, or twice");
        }
        return value;
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(' ').append(value).append('\n');
    }
}
