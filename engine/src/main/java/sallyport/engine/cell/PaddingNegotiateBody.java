package sallyport.engine.cell;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;

/// The body of PADDING_NEGOTIATE (padding-spec "Circuit padding negotiation"): a client starts or stops a padding
/// machine at one hop of its circuit.
///
/// @param start whether the machine is to start; else it is to stop
/// @param machine its number, 8 bits, known here or not
/// @param counter which machine of this circuit it is, from 1 on, 32 bits without sign; 0: whichever it is
public record PaddingNegotiateBody(boolean start, int machine, long counter) {
    static final int VERSION = 0;
    static final int STOP = 1;
    static final int START = 2;
    /// The greatest value of a field that nobody has used so far.
    private static final int ECHO_REQUEST_MAX = 1;

    /// Reads what it knows; more may follow.
    ///
    /// @throws Malformed for another version, an unknown command, an impossible echo request or a body cut short
    public static PaddingNegotiateBody decode(byte[] array, int offset, int length) throws Malformed {
        Reader body = new Reader(array, offset, length);
        int version = body.u8();
        int command = body.u8();
        int machine = body.u8();
        int echoRequest = body.u8();
        long counter = body.u32();
        if (version != VERSION || (command != STOP && command != START) || echoRequest > ECHO_REQUEST_MAX) {
            throw new Malformed("PADDING_NEGOTIATE");
        }
        return new PaddingNegotiateBody(command == START, machine, counter);
    }

    public byte[] encode() {
        return new Writer()
                .u8(VERSION)
                .u8(start ? START : STOP)
                .u8(machine)
                .u8(0)
                .u32(counter)
                .toBytes();
    }
}
