package sallyport.engine.world;

/// One line an event, for one reader. `relay` is the id of one of our relays, or empty for the process. Texts hold no
/// client address, destination, name or circuit path at any level; peer faults are counters, not lines.
public interface Log {
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    void line(Level level, String relay, String text);

    default void error(String relay, String text) {
        line(Level.ERROR, relay, text);
    }

    /// The operator should act, and the line says how.
    default void warn(String relay, String text) {
        line(Level.WARN, relay, text);
    }

    /// Rare and welcome.
    default void info(String relay, String text) {
        line(Level.INFO, relay, text);
    }

    default void debug(String relay, String text) {
        line(Level.DEBUG, relay, text);
    }
}
