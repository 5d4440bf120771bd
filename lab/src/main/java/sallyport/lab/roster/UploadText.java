package sallyport.lab.roster;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What relays post: server descriptors and extra-info documents one after the other (dir-spec 4.1).
final class UploadText {
    // As C tor: no document begins so near the end.
    private static final int SHORTEST_CHARS = 32;
    private static final String DESCRIPTOR = "router ";
    private static final String EXTRA_INFO = "extra-info ";
    private static final String SIGNATURE = "\nrouter-signature";
    private static final String END = "\n-----END SIGNATURE-----\n";
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    // U+FFFE, which is no character: the mark in the wrong order.
    private static final String TURNED_MARK = "\u00ef\u00bf\u00be";

    private final String text;
    private int at;

    private UploadText(String text) {
        this.text = text;
    }

    /// @param text through the end of its signature
    @SuppressWarnings("ArrayRecordComponent")
    record Piece(boolean isExtraInfo, byte[] text) {}

    /// Whether it is text at all.
    static boolean isUtf8(byte[] upload) {
        String latin = new String(upload, StandardCharsets.ISO_8859_1);
        if (latin.startsWith(BYTE_ORDER_MARK) || latin.startsWith(TURNED_MARK)) {
            return false;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(upload));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /// The documents in their order; what stands between them and what is not finished is passed over, as
    /// C tor does. Annotations before a document are part of it.
    static List<Piece> split(byte[] upload) {
        UploadText rest = new UploadText(new String(upload, StandardCharsets.ISO_8859_1));
        List<Piece> pieces = new ArrayList<>();
        while (rest.toNextStart()) {
            int begin = rest.at;
            int end = rest.end();
            if (end < 0) {
                break;
            }
            String document = rest.text.substring(begin, end);
            boolean isExtraInfo = rest.keywordAt(rest.document, EXTRA_INFO);
            pieces.add(new Piece(isExtraInfo, document.getBytes(StandardCharsets.ISO_8859_1)));
            rest.at = end;
        }
        return pieces;
    }

    // Where its first line stands, behind annotations.
    private int document;

    private boolean toNextStart() {
        int annotations = -1;
        int line = afterSpace(at);
        while (line < text.length() - SHORTEST_CHARS) {
            if (text.charAt(line) == '@' && annotations < 0) {
                annotations = line;
            } else if (keywordAt(line, DESCRIPTOR) || keywordAt(line, EXTRA_INFO)) {
                document = line;
                at = annotations < 0 ? line : annotations;
                return true;
            }
            int next = text.indexOf('\n', line + 1);
            if (next < 0) {
                return false;
            }
            line = afterSpace(next);
        }
        return false;
    }

    private int end() {
        int signature = text.indexOf(SIGNATURE, at);
        int end = signature < 0 ? -1 : text.indexOf(END, signature);
        return end < 0 ? -1 : end + END.length();
    }

    private boolean keywordAt(int from, String keyword) {
        return text.startsWith(keyword, from);
    }

    private int afterSpace(int from) {
        int i = from;
        while (i < text.length() && " \t\r\n".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }
}
