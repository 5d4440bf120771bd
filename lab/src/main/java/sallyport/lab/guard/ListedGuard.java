package sallyport.lab.guard;

/// A relay that a consensus lists as a possible guard.
///
/// @param fingerprint 40 upper-case hexadecimal digits
/// @param weight how often it is to be drawn, compared with others
public record ListedGuard(String fingerprint, String nickname, long weight) {}
