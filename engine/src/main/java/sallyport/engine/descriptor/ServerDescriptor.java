package sallyport.engine.descriptor;

import java.time.Instant;
import sallyport.engine.bytes.Writer;

/// A signed descriptor with its extra-info.
/// @param descriptor UTF-8, with an empty line behind it
/// @param extraInfo UTF-8
/// @param published the moment both name
/// @param observedBytesPerSecond what its `bandwidth` line claims
public record ServerDescriptor(byte[] descriptor, byte[] extraInfo, Instant published, long observedBytesPerSecond) {
    /// Both together, as authorities take them in one POST.
    public byte[] upload() {
        return new Writer().bytes(descriptor).bytes(extraInfo).toBytes();
    }
}
