package sallyport.engine.bytes;

/// Input that does not have the promised shape. `what` is a constant text, never input.
public final class Malformed extends Exception {
    public Malformed(String what) {
        super(what, null, false, false);
    }
}
