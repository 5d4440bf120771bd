package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/errors.md shows is what an operator gets: each `hocon` block becomes the file, and each command of a
/// `console`
/// block is typed. With `-Derrors.write=true` the page is written anew.
class ErrorsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "errors.md");
    private static final String DATA = "/var/lib/sallyport";
    private static final String PROMPT = "$ sallyport ";
    private static final String TAIL = " | tail -";
    private static final String FENCE = "```";

    @TempDir
    Path directory;

    @Test
    void everyTextIsOneThatWasPrinted() throws Exception {
        List<String> page = Files.readAllLines(PAGE);
        List<String> anew = anew(page);
        if (Boolean.getBoolean("errors.write")) {
            Files.write(PAGE, anew);
        }
        assertThat(anew).isEqualTo(Files.readAllLines(PAGE));
        assertThat(anew).filteredOn(line -> line.startsWith(PROMPT)).hasSizeGreaterThan(10);
    }

    private List<String> anew(List<String> page) throws Exception {
        List<String> anew = new ArrayList<>();
        String block = "";
        List<String> file = new ArrayList<>();
        for (String line : page) {
            if (line.startsWith(FENCE)) {
                if (block.equals("hocon")) {
                    Files.writeString(
                            directory.resolve("fleet.conf"),
                            String.join("\n", file).replace(DATA, directory + "/data") + "\n");
                }
                block = block.isEmpty() ? line.substring(FENCE.length()) : "";
                file.clear();
                anew.add(line);
            } else if (!block.equals("console")) {
                file.add(line);
                anew.add(line);
            } else if (line.startsWith(PROMPT)) {
                anew.add(line);
                anew.addAll(type(line.substring(PROMPT.length())));
            }
        }
        return anew;
    }

    /// What it prints, and its exit code where that is not 0.
    private List<String> type(String command) {
        int tail = command.indexOf(TAIL);
        StringWriter text = new StringWriter();
        PrintWriter both = new PrintWriter(text, true);
        String[] arguments = Arrays.stream((tail < 0 ? command : command.substring(0, tail)).split(" ", -1))
                .map(word -> word.matches("[a-z]+\\.(conf|plan)")
                        ? directory.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        int exit = Main.run(arguments, both, both);
        List<String> lines = text.toString().lines().map(this::shown).toList();
        int shown = tail < 0 ? lines.size() : Integer.parseInt(command.substring(tail + TAIL.length()));
        List<String> answer = new ArrayList<>(lines.subList(lines.size() - shown, lines.size()));
        if (exit != 0) {
            answer.add("[exit code " + exit + "]");
        }
        return answer;
    }

    /// As on a machine of 16 GiB that has the page's directories.
    private String shown(String line) {
        return line.replace(directory + "/data", DATA)
                .replace(directory + "/", "")
                .replaceAll(
                        "the \\d+ MiB of this machine; write \\d+ MiB",
                        "the 16384 MiB of this machine; write 16052 MiB");
    }
}
