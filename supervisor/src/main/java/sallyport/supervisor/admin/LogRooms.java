package sallyport.supervisor.admin;

import java.util.List;
import java.util.Optional;

/// The rooms of engine and supervisor (docs/ARCHITECTURE.md), whose lines of the log can be had at a
/// level of their own.
public final class LogRooms {
    /// In the order of the alphabet.
    public static final List<String> NAMES = List.of(
            "accounting",
            "address",
            "admin",
            "apply",
            "assignment",
            "budget",
            "bytes",
            "cell",
            "cert",
            "circuit",
            "compress",
            "config",
            "conflux",
            "contact",
            "crypto",
            "descriptor",
            "dircache",
            "directory",
            "dirserver",
            "dns",
            "doctor",
            "exit",
            "fleet",
            "flow",
            "host",
            "identity",
            "instance",
            "launch",
            "limits",
            "link",
            "metrics",
            "netdoc",
            "onionservice",
            "onionskin",
            "origin",
            "plan",
            "relaycrypto",
            "screen",
            "setup",
            "stream",
            "world");

    private static final List<String> ROOTS = List.of("sallyport.engine.", "sallyport.supervisor.");
    private static final List<String> OF_THE_LOG = List.of(
            "sallyport.engine.world.Log",
            "sallyport.supervisor.admin.LogRooms",
            "sallyport.supervisor.launch.StderrLog");

    private LogRooms() {}

    /// The room that logs: that of the first class on the caller's stack which is not the log's own;
    /// empty where none is a room's. It costs microseconds, so it is asked only where a room has a level
    /// of its own.
    public static String ofCaller() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> !OF_THE_LOG.contains(name.replaceAll("\\$.*", "")))
                        .map(LogRooms::of)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(""));
    }

    private static Optional<String> of(String className) {
        return ROOTS.stream()
                .filter(className::startsWith)
                .map(root -> className.substring(root.length()).replaceAll("\\..*", ""))
                .findFirst();
    }
}
