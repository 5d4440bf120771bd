package sallyport.lab.traffic;

/// An HTTP answer as it arrived.
///
/// @param status the HTTP status code
/// @param length bytes of the body
/// @param sha256 of the body, lower-case hex
/// @param text the first bytes of the body, at most [#HEAD_MAX], as text
public record Fetched(int status, long length, String sha256, String text) {
    /// Ours: enough for any small answer, little enough for 256 MiB fetched fifty times at once.
    public static final int HEAD_MAX = 4_096;
}
