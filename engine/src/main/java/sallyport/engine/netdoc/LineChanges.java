package sallyport.engine.netdoc;

import java.util.BitSet;

/// Which lines of two texts are not common to both: a longest common subsequence, found in linear space by splitting
/// (Hirschberg), with the choices of C tor, so that equal documents yield equal diffs.
final class LineChanges {
    private final TextLines base;
    private final TextLines target;
    /// Lines to be removed, and lines to be added.
    private final BitSet removed = new BitSet();

    private final BitSet added = new BitSet();

    LineChanges(TextLines base, TextLines target) {
        this.base = base;
        this.target = target;
    }

    boolean isRemoved(int baseLine) {
        return removed.get(baseLine);
    }

    boolean isAdded(int targetLine) {
        return added.get(targetLine);
    }

    /// Compares the lines `[a, aEnd)` of the base with `[b, bEnd)` of the target.
    void compare(int a, int aEnd, int b, int bEnd) {
        while (a < aEnd && b < bEnd && base.same(a, target, b)) {
            a++;
            b++;
        }
        while (a < aEnd && b < bEnd && base.same(aEnd - 1, target, bEnd - 1)) {
            aEnd--;
            bEnd--;
        }
        if (aEnd - a <= 1) {
            int common = aEnd == a ? -1 : indexInTarget(a, b, bEnd);
            if (aEnd > a && common < 0) {
                removed.set(a);
            }
            setAllBut(added, b, bEnd, common);
        } else if (bEnd - b <= 1) {
            int common = bEnd == b ? -1 : indexInBase(b, a, aEnd);
            if (bEnd > b && common < 0) {
                added.set(b);
            }
            setAllBut(removed, a, aEnd, common);
        } else {
            int middle = a + (aEnd - a) / 2;
            int split = b + bestSplit(a, middle, aEnd, b, bEnd);
            compare(a, middle, b, split);
            compare(middle, aEnd, split, bEnd);
        }
    }

    private static void setAllBut(BitSet lines, int from, int to, int except) {
        lines.set(from, to);
        if (except >= 0) {
            lines.clear(except);
        }
    }

    private int indexInTarget(int baseLine, int from, int to) {
        for (int i = from; i < to; i++) {
            if (base.same(baseLine, target, i)) {
                return i;
            }
        }
        return -1;
    }

    private int indexInBase(int targetLine, int from, int to) {
        for (int i = from; i < to; i++) {
            if (base.same(i, target, targetLine)) {
                return i;
            }
        }
        return -1;
    }

    /// How many lines of the target belong to the upper half of the base; of several best answers the first.
    private int bestSplit(int a, int middle, int aEnd, int b, int bEnd) {
        int[] upper = forward(a, middle, b, bEnd);
        int[] lower = backward(middle, aEnd, b, bEnd);
        int best = 0;
        int most = -1;
        for (int i = 0; i <= bEnd - b; i++) {
            int sum = upper[i] + lower[bEnd - b - i];
            if (sum > most) {
                most = sum;
                best = i;
            }
        }
        return best;
    }

    /// Of each first part of the target: how long its common subsequence with the base's lines is.
    private int[] forward(int a, int aEnd, int b, int bEnd) {
        int[] lengths = new int[bEnd - b + 1];
        for (int i = a; i < aEnd; i++) {
            int diagonal = 0;
            for (int j = 0; j < bEnd - b; j++) {
                int above = lengths[j + 1];
                lengths[j + 1] = base.same(i, target, b + j) ? diagonal + 1 : Math.max(lengths[j], above);
                diagonal = above;
            }
        }
        return lengths;
    }

    /// The same of each last part.
    private int[] backward(int a, int aEnd, int b, int bEnd) {
        int[] lengths = new int[bEnd - b + 1];
        for (int i = aEnd - 1; i >= a; i--) {
            int diagonal = 0;
            for (int j = 0; j < bEnd - b; j++) {
                int above = lengths[j + 1];
                lengths[j + 1] = base.same(i, target, bEnd - 1 - j) ? diagonal + 1 : Math.max(lengths[j], above);
                diagonal = above;
            }
        }
        return lengths;
    }
}
