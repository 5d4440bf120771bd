package sallyport.supervisor.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many relays with one address the authorities put into the consensus, by the last one that was
/// fetched.
public final class ConsensusLimit {
    private static final List<String> FILES =
            List.of("directory/cached-consensus", "directory/cached-microdesc-consensus");
    // dir-spec: the parameters stand before the first relay; the authorities' keys between take a few kilobytes.
    private static final int HEAD_BYTES = 1 << 16;
    private static final Pattern PARAMETER =
            Pattern.compile("^params [^\\n]*\\bAuthDirMaxServersPerAddr=([0-9]{1,6})\\b", Pattern.MULTILINE);

    private ConsensusLimit() {}

    /// Empty when no consensus is there, or it does not say; 0 for any number.
    public static OptionalInt in(Path dataDirectory) {
        for (String name : FILES) {
            try (InputStream in = Files.newInputStream(dataDirectory.resolve(name))) {
                String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
                Matcher parameter = PARAMETER.matcher(head);
                if (parameter.find()) {
                    return OptionalInt.of(Integer.parseInt(parameter.group(1)));
                }
            } catch (IOException e) {
                // Not there, or not for us: the next one.
            }
        }
        return OptionalInt.empty();
    }
}
