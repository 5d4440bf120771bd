package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Malformed;

/// The tokenizer: one section of a directory document (dir-spec 1.2) as its known items, checked against
/// its syntax. What it keeps is bounded by the number of items, whatever the input holds.
public final class Items {
    // As C tor: anything longer is an attack, a bug or nonsense.
    private static final int LINE_BYTES_MAX = 128 * 1024;
    private static final int OBJECT_BYTES_MAX = 128 * 1024;
    // Ours: a section of an honest document has some hundred known items (a descriptor's exit policy has the most).
    static final int ITEMS_MAX = 4096;

    private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "-----END ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(StandardCharsets.US_ASCII);
    public static final String KEY_TYPE = "RSA PUBLIC KEY";

    private final Map<String, List<Item>> byKeyword = new HashMap<>();
    private final byte[] text;
    private final int end;
    private int at;
    private int kept;
    private int total;

    private Items(byte[] text, int from, int to) {
        this.text = text;
        this.at = from;
        this.end = to;
    }

    /// Reads the bytes `[from, to)` of a document.
    public static Items read(byte[] text, int from, int to, Syntax syntax) throws Malformed {
        Items items = new Items(text, from, to);
        items.readAll(syntax);
        for (Rule rule : syntax.rules().values()) {
            items.check(rule);
        }
        return items;
    }

    /// The item of a keyword that the syntax demands.
    public Item one(String keyword) throws Malformed {
        Item item = maybe(keyword);
        if (item == null) {
            throw new Malformed("an element is missing");
        }
        return item;
    }

    /// The first item of a keyword; null where there is none.
    public @Nullable Item maybe(String keyword) {
        List<Item> all = byKeyword.get(keyword);
        return all == null ? null : all.getFirst();
    }

    /// In the order of the document.
    public List<Item> all(String keyword) {
        return byKeyword.getOrDefault(keyword, List.of());
    }

    /// Items in the section, unknown ones counted.
    public int total() {
        return total;
    }

    private void readAll(Syntax syntax) throws Malformed {
        for (int i = at; i < end; i++) {
            if (text[i] == 0) {
                throw new Malformed("a NUL in a document");
            }
        }
        skipSpace();
        while (at < end) {
            readItem(syntax);
            skipSpace();
        }
    }

    private void readItem(Syntax syntax) throws Malformed {
        int lineEnd = endOfLine(at);
        String keyword = word(lineEnd);
        if (keyword.equals("opt")) {
            // dir-spec 1.2: "opt" before a keyword is obsolete and means nothing.
            keyword = word(lineEnd);
        }
        Rule rule = syntax.rules().get(keyword);
        String line = rule == null ? "" : ascii(at, lineEnd).strip();
        at = lineEnd;
        skipSpace();
        String objectType = null;
        byte[] object = null;
        if (Search.startsWith(text, at, end, BEGIN)) {
            objectType = objectType();
            object = objectBody(objectType);
        }
        int position = total++;
        if (rule != null) {
            keep(rule, new Item(keyword, line, objectType, object, position));
        }
    }

    /// The next word of the line; moves past it and the blanks after it.
    private String word(int lineEnd) {
        int from = at;
        while (at < lineEnd && !Item.isSpace(text[at])) {
            at++;
        }
        String word = ascii(from, at);
        while (at < lineEnd && Item.isSpace(text[at])) {
            at++;
        }
        return word;
    }

    private String objectType() throws Malformed {
        int lineEnd = endOfLine(at);
        int nameFrom = at + BEGIN.length;
        int nameTo = lineEnd - DASHES.length;
        if (nameTo <= nameFrom || !Search.startsWith(text, nameTo, lineEnd, DASHES)) {
            throw new Malformed("an object's first line");
        }
        at = Math.min(lineEnd + 1, end);
        return ascii(nameFrom, nameTo);
    }

    private byte[] objectBody(String type) throws Malformed {
        int footer = Search.indexOf(text, at, end, END);
        if (footer < 0 || footer - at > OBJECT_BYTES_MAX) {
            throw new Malformed("an object without an end, or too long");
        }
        int lineEnd = endOfLine(footer);
        if (!ascii(footer, lineEnd).equals("-----END " + type + "-----")) {
            throw new Malformed("an object's last line");
        }
        StringBuilder base64 = new StringBuilder(footer - at);
        for (int i = at; i < footer; i++) {
            if (!Item.isSpace(text[i])) {
                base64.append((char) (text[i] & 0xff));
            }
        }
        at = lineEnd;
        return Base64Text.decode(base64.toString());
    }

    private void keep(Rule rule, Item item) throws Malformed {
        if (++kept > ITEMS_MAX) {
            throw new Malformed("too many elements");
        }
        if (rule.argumentsMin() > 0 && item.arguments().size() < rule.argumentsMin()) {
            throw new Malformed("too few arguments in a line");
        }
        boolean isKey = KEY_TYPE.equals(item.objectType());
        boolean fits = switch (rule.object()) {
            case FORBIDDEN -> item.object() == null;
            case NEEDED -> item.object() != null && !isKey;
            case KEY_NEEDED -> isKey;
            case KEY_ALLOWED -> item.object() == null || isKey;
        };
        if (!fits) {
            throw new Malformed("an object is missing, unexpected or of another type");
        }
        byKeyword.computeIfAbsent(item.keyword(), _ -> new ArrayList<>(1)).add(item);
    }

    private void check(Rule rule) throws Malformed {
        List<Item> found = all(rule.keyword());
        if (found.size() < rule.countMin()) {
            throw new Malformed("an element is missing");
        }
        if (found.size() > rule.countMax()) {
            throw new Malformed("an element stands too often");
        }
        boolean placed = switch (rule.place()) {
            case ANY -> true;
            case FIRST -> found.isEmpty() || found.getFirst().position() == 0;
            case LAST -> found.isEmpty() || found.getLast().position() == total - 1;
        };
        if (!placed) {
            throw new Malformed("an element out of place");
        }
    }

    private void skipSpace() {
        while (at < end && Item.isSpace(text[at])) {
            at++;
        }
    }

    private int endOfLine(int from) throws Malformed {
        int i = from;
        while (i < end && text[i] != '\n') {
            i++;
        }
        if (i - from > LINE_BYTES_MAX) {
            throw new Malformed("a line too long");
        }
        return i;
    }

    private String ascii(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
