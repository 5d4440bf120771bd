package sallyport.lab.authority;

/// What HTTP answers whoever sent a document: C tor's status and words.
public record Answer(int status, String message) {
    static Answer ok(String message) {
        return new Answer(200, message);
    }

    static Answer refused(String message) {
        return new Answer(400, message);
    }
}
