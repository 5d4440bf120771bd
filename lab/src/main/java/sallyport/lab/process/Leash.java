package sallyport.lab.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// A directory and the processes that live in it, gone together whatever ends us.
///
/// A small shell holds the other end of a pipe. It wakes when we close the leash, when this JVM dies in any way (the
/// kernel closes the pipe), or when the lifetime is over; then it kills what still runs and removes the directory. It
/// is deaf to the signals of a terminal, so Ctrl-C cannot take it away before its work is done. A process is killed
/// only if its command line still names the directory: a process id used again by a stranger is safe.
///
/// Safe for use by several threads. Linux only.
public final class Leash implements AutoCloseable {
    /// Ours: what a process gets to end by itself after SIGTERM. C tor needs milliseconds, a JVM about a second.
    private static final Duration GRACE = Duration.ofSeconds(8);

    // $1 the directory, $2 the lifetime in seconds. KILL, because an ignored signal stays ignored in children.
    private static final String GUARD = """
            trap '' INT HUP TERM QUIT PIPE
            timeout -s KILL "$2" cat >/dev/null 2>&1
            for round in 1 2 3; do
              for f in "$1"/pids/*; do
                p=${f##*/}
                if tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -qF -- "$1"; then kill -KILL "$p"; fi
              done
              rm -rf -- "$1" && exit 0
              sleep 0.2
            done
            """;

    private final Path directory;
    private final Path pids;
    private final Process guard;
    private final Thread hook;
    private final Deque<Process> held = new ArrayDeque<>();
    private boolean closed;

    private Leash(Path directory, Path pids, Process guard) {
        this.directory = directory;
        this.pids = pids;
        this.guard = guard;
        this.hook = new Thread(this::end, "leash");
    }

    /// Makes a fresh temporary directory and its guard.
    ///
    /// @param lifetime after which everything is killed, whether or not anybody still uses it
    public static Leash fresh(String prefix, Duration lifetime) throws IOException {
        Path directory = Files.createTempDirectory(prefix);
        Path pids = Files.createDirectory(directory.resolve("pids"));
        Process guard = new ProcessBuilder(
                        "/bin/sh", "-c", GUARD, "sallyport-leash", directory.toString(), "" + lifetime.toSeconds())
                .directory(Path.of("/").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Leash leash = new Leash(directory, pids, guard);
        Runtime.getRuntime().addShutdownHook(leash.hook);
        return leash;
    }

    /// The directory, absolute; removed at the end.
    public Path directory() {
        return directory;
    }

    /// Starts a process under the leash. Its command line must name the directory.
    public Process start(ProcessBuilder builder) throws IOException {
        if (builder.command().stream().noneMatch(word -> word.contains(directory.toString()))) {
            throw new IllegalArgumentException("a process on a leash names the leash's directory");
        }
        synchronized (this) {
            if (closed) {
                throw new IOException("the leash is closed");
            }
            Process process = builder.start();
            held.addFirst(process);
            Files.createFile(pids.resolve(Long.toString(process.pid())));
            return process;
        }
    }

    /// Ends every process, the last started first, and removes the directory. Returns when all of it is gone.
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            return;
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        held.forEach(Process::destroy);
        long deadline = System.nanoTime() + GRACE.toNanos();
        boolean interrupted = false;
        for (Process process : held) {
            interrupted |= !endsBefore(process, deadline);
            process.destroyForcibly();
        }
        try (OutputStream pipe = guard.getOutputStream()) {
            pipe.flush();
        } catch (IOException guardIsGone) {
            interrupted |= Thread.interrupted();
        }
        interrupted |= !endsBefore(guard, deadline + GRACE.toNanos());
        if (Files.exists(directory)) {
            removeOurselves();
        }
        if (interrupted && Thread.interrupted()) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean endsBefore(Process process, long deadlineNanos) {
        try {
            return process.waitFor(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // The guard was killed by somebody: what it would have done is left to us.
    private void removeOurselves() {
        try (var walk = Files.walk(directory)) {
            walk.sorted(java.util.Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            System.err.println("could not remove " + directory + ": " + e);
        }
    }
}
