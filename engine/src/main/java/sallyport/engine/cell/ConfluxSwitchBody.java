package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of CONFLUX_SWITCH (proposal 329, section 3.2).
///
/// @param relative how many sequence numbers the leg that carries it is behind the one used before: 32
///     bits without sign
public record ConfluxSwitchBody(long relative) {
    public static final long RELATIVE_MAX = 0xffff_ffffL;

    /// @throws Malformed for fewer than four bytes
    public static ConfluxSwitchBody decode(byte[] array, int offset, int length) throws Malformed {
        return new ConfluxSwitchBody(new Reader(array, offset, length).u32());
    }

    public byte[] encode() {
        return new Writer().u32(relative).toBytes();
    }
}
