package sallyport.benchmarks.soak;

/// Processes of ours that die without a word.
final class Processes {
    private Processes() {}

    /// Sends SIGKILL and waits for the end.
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }
}
