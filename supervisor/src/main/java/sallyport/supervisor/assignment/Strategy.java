package sallyport.supervisor.assignment;

import java.util.Locale;

/// How the relays of a group share addresses.
public enum Strategy {
    /// As few on each address as there are addresses for.
    SPREAD,
    /// As many on each address as may be.
    DENSE,
    /// Each has its address to itself.
    ONE_EACH;

    /// As the configuration writes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
