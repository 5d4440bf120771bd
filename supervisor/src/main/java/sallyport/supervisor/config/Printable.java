package sallyport.supervisor.config;

/// Makes any text safe for one line of a terminal or a log.
public final class Printable {
    // A value of the file is quoted so that the operator finds it again; more than this hides the message.
    private static final int QUOTED_CHARS_MAX = 60;

    private Printable() {}

    /// The text with everything that could move a cursor, start a line or turn its direction written as an escape of
    /// its number.
    public static String line(String text) {
        StringBuilder safe = null;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (isUnsafe(c)) {
                if (safe == null) {
                    safe = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                safe.append(String.format(c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
            } else if (safe != null) {
                safe.appendCodePoint(c);
            }
            i = next;
        }
        return safe == null ? text : safe.toString();
    }

    /// The text in double quotes, safe and at most some 60 characters long.
    public static String quoted(String text) {
        String shown = text.codePointCount(0, text.length()) <= QUOTED_CHARS_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, QUOTED_CHARS_MAX)) + "...";
        return '"' + line(shown) + '"';
    }

    /// Whether the text holds nothing that [#line] would have to write otherwise.
    static boolean isPlain(String text) {
        return text.codePoints().noneMatch(Printable::isUnsafe);
    }

    private static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
