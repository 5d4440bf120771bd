package sallyport.lab.authority;

/// What HTTP answers whoever sent a document: C tor's status and words.
///
/// @param isDescriptorNotNew whether the answer has the header `X-Descriptor-Not-New: Yes` (dir-spec 4.1)
public record Answer(int status, String message, boolean isDescriptorNotNew) {
    public Answer(int status, String message) {
        this(status, message, false);
    }

    /// To a relay whose descriptor was good and not needed.
    public static Answer descriptorNotNew() {
        return new Answer(200, "OK", true);
    }

    static Answer ok(String message) {
        return new Answer(200, message);
    }

    static Answer refused(String message) {
        return new Answer(400, message);
    }
}
