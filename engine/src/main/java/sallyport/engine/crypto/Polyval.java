package sallyport.engine.crypto;

/// POLYVAL (RFC 8452), the keyed hash inside counter galois onion. Two ways to the same bytes: [JdkPolyval] on the
/// processor's carry-less multiplication, some fifteen times as fast, and [PortablePolyval]; both take the same time
/// for all keys and inputs. One owner; not thread-safe.
public sealed interface Polyval permits JdkPolyval, PortablePolyval {
    /// Bytes of a key, of a block and of the result.
    int BLOCK_LENGTH = 16;

    /// The faster one where this JVM lets us, with the key of zeros.
    static Polyval create() {
        return JdkPolyval.isAvailable() ? new JdkPolyval() : new PortablePolyval();
    }

    /// Changes the key. 16 bytes from `offset` on, read now.
    void key(byte[] array, int offset);

    /// Hashes `blocks[0..16 * count)`, which is overwritten with nothing of use.
    ///
    /// @param out gets the result in its first 16 bytes; may be `blocks`
    void hash(byte[] blocks, int count, byte[] out);
}
