package sallyport.supervisor.config;

/// One thing that is wrong with a configuration, for the person who wrote it.
///
/// @param file as the operator named it, or the included file
/// @param line counted from 1; 0 where no line is to blame
/// @param column counted from 1; 0 where it is not known
/// @param key full path, as `relays[2].or-port`; empty where no key is to blame
/// @param what what is wrong
/// @param fix what to write instead
public record Problem(String file, int line, int column, String key, String what, String fix) {
    /// `FILE:LINE:COLUMN: KEY: what is wrong; the fix`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
            if (column > 0) {
                text.append(':').append(column);
            }
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        return Printable.line(text.append(what).append("; ").append(fix).toString());
    }
}
