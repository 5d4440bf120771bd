package sallyport.supervisor.apply;

import java.util.ArrayList;
import java.util.List;

/// The lines that leave and come between two texts, in their order.
public final class TextDifference {
    private TextDifference() {}

    /// Lines with `-` or `+` before them; what stays is left out.
    public static List<String> between(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        // The length of the longest common subsequence of what follows each pair of lines.
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> difference = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                i++;
                j++;
            } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                difference.add("-" + old.get(i++));
            } else {
                difference.add("+" + now.get(j++));
            }
        }
        return difference;
    }
}
