package sallyport.supervisor.doctor;

import java.util.Locale;

/// How much a finding matters.
public enum Severity {
    /// Relays cannot serve as configured.
    ERROR,
    /// They serve, but badly, or will some day not.
    WARNING,
    /// Worth knowing.
    NOTE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
