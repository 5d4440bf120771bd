package sallyport.supervisor.screen;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The terminal of this process, with keys read as they are pressed until it is closed.
public final class Terminal implements AutoCloseable {
    private static final String TTY = "/dev/tty";
    private static final int STTY_SECONDS_MAX = 5;
    private static final int ROWS_DEFAULT = 24;

    private final String before;
    private final Thread restore;
    private final InputStream keys;

    private Terminal(String before, InputStream keys) {
        this.before = before;
        this.keys = keys;
        this.restore = Thread.ofPlatform().unstarted(this::restore);
        Runtime.getRuntime().addShutdownHook(restore);
    }

    /// @throws Missing where there is none
    @SuppressWarnings("SystemConsoleNull") // by its contract it may be
    public static Terminal open() throws IOException, InterruptedException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new Missing();
        }
        String before = stty("-g").strip();
        stty("-icanon", "-echo", "min", "0", "time", "0");
        return new Terminal(before, Files.newInputStream(Path.of(TTY)));
    }

    /// The key that was pressed since the last time; -1: none.
    public int key() throws IOException {
        return keys.read();
    }

    /// Its lines; those of an old screen where it does not say.
    public int rows() throws InterruptedException {
        try {
            String[] size = stty("size").strip().split(" ", -1);
            int rows = Integer.parseInt(size[0]);
            return rows > 0 ? rows : ROWS_DEFAULT;
        } catch (IOException | NumberFormatException e) {
            return ROWS_DEFAULT;
        }
    }

    @Override
    public void close() throws IOException {
        keys.close();
        Runtime.getRuntime().removeShutdownHook(restore);
        restore();
    }

    private void restore() {
        try {
            stty(before);
        } catch (IOException e) {
            // The terminal is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String stty(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 3];
        command[0] = "stty";
        command[1] = "-F";
        command[2] = TTY;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        Process stty = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (!stty.waitFor(STTY_SECONDS_MAX, TimeUnit.SECONDS) || stty.exitValue() != 0) {
            stty.destroy();
            throw new IOException("stty failed");
        }
        return answer;
    }

    /// The output is no terminal.
    public static final class Missing extends IOException {
        private static final long serialVersionUID = 1;

        Missing() {
            super("no terminal");
        }
    }
}
