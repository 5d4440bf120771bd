package sallyport.engine.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A SHA-1 that goes on after each result, as relay cells need it (tor-spec "Relay cells": the running digest).
/// One owner; not thread-safe.
public final class RunningSha1 {
    /// Bytes of a whole digest.
    public static final int LENGTH = 20;

    private MessageDigest running;

    public RunningSha1() {
        try {
            running = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1", e);
        }
    }

    private RunningSha1(MessageDigest running) {
        this.running = running;
    }

    public void update(byte[] array, int offset, int length) {
        running.update(array, offset, length);
    }

    /// Writes the digest of all bytes so far to `out[0..20)`; the running state is left as it was.
    public void peek(byte[] out) {
        try {
            cloneOf(running).digest(out, 0, LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-1", e);
        }
    }

    /// A copy of the state, to come back to with [#restore].
    public RunningSha1 checkpoint() {
        return new RunningSha1(cloneOf(running));
    }

    /// Goes back to a checkpoint, which must not be used afterwards.
    public void restore(RunningSha1 checkpoint) {
        running = checkpoint.running;
    }

    private static MessageDigest cloneOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-1 cannot be cloned", e);
        }
    }
}
