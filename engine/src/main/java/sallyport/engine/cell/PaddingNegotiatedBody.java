package sallyport.engine.cell;

import sallyport.engine.bytes.Writer;

/// The body of PADDING_NEGOTIATED (padding-spec "Circuit padding negotiation"): what became of a client's request, or
/// that a machine has stopped by itself. Relays only send it.
///
/// @param start whether the machine was to start; else it was to stop, or has stopped
/// @param accepted whether that was done
/// @param machine its number, 8 bits
/// @param counter which machine of this circuit it is, 32 bits without sign
public record PaddingNegotiatedBody(boolean start, boolean accepted, int machine, long counter) {
    private static final int OK = 1;
    private static final int ERR = 2;

    public byte[] encode() {
        return new Writer()
                .u8(PaddingNegotiateBody.VERSION)
                .u8(start ? PaddingNegotiateBody.START : PaddingNegotiateBody.STOP)
                .u8(accepted ? OK : ERR)
                .u8(machine)
                .u32(counter)
                .toBytes();
    }
}
