package sallyport.engine.host;

/// A relay is not in a state in which it could do that. The message is for the operator, without the relay's id.
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
