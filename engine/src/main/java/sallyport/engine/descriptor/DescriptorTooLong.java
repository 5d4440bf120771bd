package sallyport.engine.descriptor;

import java.io.Serial;

/// A descriptor would be longer than authorities accept. The message is for the operator and names the configuration
/// key to blame.
public final class DescriptorTooLong extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    DescriptorTooLong(String message) {
        super(message);
    }
}
