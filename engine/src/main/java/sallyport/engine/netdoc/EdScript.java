package sallyport.engine.netdoc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import sallyport.engine.bytes.Malformed;

/// The part of the `ed` language that consensus diffs speak (dir-spec "Consensus diff format"): `a`, `c` and `d`, from
/// the end of the document to its beginning.
final class EdScript {
    // As C tor: beyond, comparing would take minutes, and real consensuses have relays in common.
    private static final int COMPARED_LINES_MAX = 10_000;
    // As C tor.
    private static final int COMMAND_BYTES_MAX = 127;
    private static final int NUMBER_DIGITS_MAX = 9;

    private static final byte[] SIGNATURE = Search.ascii("directory-signature ");
    private static final byte[] STOP = Search.ascii(".");

    private EdScript() {}

    /// The commands that make the base into the target.
    ///
    /// @throws Malformed where they cannot be written: relays out of order, too few in common, a line `.`
    static byte[] between(TextLines base, TextLines target) throws Malformed {
        int baseEnd = firstSignature(base);
        LineChanges changes = changes(base, baseEnd, target);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (baseEnd < base.count()) {
            // The signatures change altogether.
            command(out, (baseEnd + 1) + ",$d");
        }
        int i = baseEnd - 1;
        int j = target.count() - 1;
        while (i >= 0 || j >= 0) {
            int lastRemoved = i;
            int lastAdded = j;
            while (i >= 0 && changes.isRemoved(i)) {
                i--;
            }
            while (j >= 0 && changes.isAdded(j)) {
                j--;
            }
            if (i == lastRemoved && j == lastAdded) {
                i = Math.max(i - 1, -1);
                j = Math.max(j - 1, -1);
            } else {
                write(out, target, i + 1, lastRemoved - i, j + 1, lastAdded - j);
            }
        }
        return out.toByteArray();
    }

    private static int firstSignature(TextLines base) {
        for (int i = 0; i < base.count(); i++) {
            if (base.startsWith(i, SIGNATURE)) {
                return i;
            }
        }
        return base.count();
    }

    /// From common relay to common relay.
    private static LineChanges changes(TextLines base, int baseEnd, TextLines target) throws Malformed {
        LineChanges changes = new LineChanges(base, target);
        RelayEntries a = new RelayEntries(base, baseEnd);
        RelayEntries b = new RelayEntries(target, target.count());
        int fromA = 0;
        int fromB = 0;
        while (!a.isAtEnd() || !b.isAtEnd()) {
            if (!a.isAtEnd()) {
                a.next();
            }
            if (!b.isAtEnd()) {
                b.next();
            }
            toCommonRelay(a, b);
            if (a.line() - fromA > COMPARED_LINES_MAX || b.line() - fromB > COMPARED_LINES_MAX) {
                throw new Malformed("too few relays in common");
            }
            changes.compare(fromA, a.line(), fromB, b.line());
            fromA = a.line();
            fromB = b.line();
        }
        return changes;
    }

    /// Lets whoever is behind catch up; where one ends, the other's rest is all of one piece.
    private static void toCommonRelay(RelayEntries a, RelayEntries b) throws Malformed {
        if (a.isAtEnd() && b.isAtEnd()) {
            return;
        }
        for (int order = a.compareTo(b); order != 0; order = a.compareTo(b)) {
            if (!a.isAtEnd() && order < 0) {
                a.next();
            } else if (!b.isAtEnd() && order > 0) {
                b.next();
            } else {
                a.toEnd();
                b.toEnd();
            }
            if (a.isAtEnd() || b.isAtEnd()) {
                a.toEnd();
                b.toEnd();
                return;
            }
        }
    }

    private static void write(
            ByteArrayOutputStream out, TextLines target, int removedFrom, int removed, int addedFrom, int added)
            throws Malformed {
        String range = removed <= 1
                ? Integer.toString(removed == 0 ? removedFrom : removedFrom + 1)
                : (removedFrom + 1) + "," + (removedFrom + removed);
        command(out, range + (added == 0 ? "d" : removed == 0 ? "a" : "c"));
        if (added == 0) {
            return;
        }
        for (int line = addedFrom; line < addedFrom + added; line++) {
            if (target.is(line, STOP)) {
                throw new Malformed("a line that would end the insertion");
            }
        }
        int start = target.start(addedFrom);
        out.write(target.text(), start, target.start(addedFrom + added) - start);
        command(out, ".");
    }

    private static void command(ByteArrayOutputStream out, String text) {
        out.writeBytes((text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// Carries the commands from line `first` on out.
    ///
    /// @throws Malformed for any command that is not exactly as [#between] may write it
    static byte[] apply(TextLines base, TextLines script, int first) throws Malformed {
        // Pieces of the result, the last first.
        Deque<Piece> pieces = new ArrayDeque<>();
        int left = base.count();
        for (int at = first; at < script.count(); ) {
            Command command = Command.parse(text(script, at++), base.count());
            if (command.last() > left) {
                throw new Malformed("commands that do not go backward");
            }
            pieces.addFirst(new Piece(base, command.last(), left));
            left = command.action() == 'a' ? command.last() : command.first() - 1;
            if (command.action() != 'd') {
                int from = at;
                while (at < script.count() && !script.is(at, STOP)) {
                    at++;
                }
                if (at == script.count() || at == from) {
                    throw new Malformed("an insertion without lines or without an end");
                }
                pieces.addFirst(new Piece(script, from, at++));
            }
        }
        pieces.addFirst(new Piece(base, 0, left));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(piece -> piece.writeTo(out));
        return out.toByteArray();
    }

    private static String text(TextLines script, int line) throws Malformed {
        if (script.length(line) > COMMAND_BYTES_MAX) {
            throw new Malformed("a command too long");
        }
        return new String(script.text(), script.start(line), script.length(line), StandardCharsets.ISO_8859_1);
    }

    private record Piece(TextLines of, int from, int to) {
        void writeTo(ByteArrayOutputStream out) {
            out.write(of.text(), of.start(from), of.start(to) - of.start(from));
        }
    }

    /// `first[,last]action`, lines counted from 1.
    private record Command(int first, int last, char action) {
        static Command parse(String text, int lines) throws Malformed {
            int at = digits(text, 0);
            int first = number(text, 0, at);
            int last = first;
            boolean isRange = at < text.length() && text.charAt(at) == ',';
            boolean isToEnd = false;
            if (isRange) {
                int from = at + 1;
                isToEnd = from < text.length() && text.charAt(from) == '$';
                at = isToEnd ? from + 1 : digits(text, from);
                last = isToEnd ? lines : number(text, from, at);
                if (last <= first) {
                    throw new Malformed("an empty range");
                }
            }
            if (at != text.length() - 1 || "acd".indexOf(text.charAt(at)) < 0) {
                throw new Malformed("no command that we know");
            }
            char action = text.charAt(at);
            if ((isToEnd && action != 'd') || (isRange && action == 'a') || (first == 0 && action != 'a')) {
                throw new Malformed("a range that the command does not take");
            }
            return new Command(first, last, action);
        }

        private static int digits(String text, int from) {
            int at = from;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            return at;
        }

        private static int number(String text, int from, int to) throws Malformed {
            if (to == from || to - from > NUMBER_DIGITS_MAX) {
                throw new Malformed("no line number");
            }
            return Integer.parseInt(text, from, to, 10);
        }
    }
}
