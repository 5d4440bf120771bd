package sallyport.supervisor.launch;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import sallyport.engine.world.Log;

/// Brings what libraries (Netty above all) log through `java.util.logging` into our log: from WARNING on, and only
/// the name of the logger, and the class of the exception. Their messages and exceptions hold addresses of clients
/// and servers ("Connection refused: example.org/192.0.2.1:443"), so no word of them is printed, at any level.
final class LibraryLog extends Handler {
    private final Log log;

    private LibraryLog(Log log) {
        this.log = log;
        setLevel(Level.WARNING);
    }

    /// Makes it the only handler of the process.
    static void install(Log log) {
        // Forgets handlers and levels of any logging.properties.
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new LibraryLog(log));
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        Throwable thrown = entry.getThrown();
        String text = entry.getLoggerName() + " reported a problem"
                + (thrown == null ? "" : ": " + thrown.getClass().getName());
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            log.error("", text);
        } else {
            log.warn("", text);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
