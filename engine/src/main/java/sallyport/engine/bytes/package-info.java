/// Bounded reading and writing of raw bytes, hex and base64: the only place that indexes raw input.
/// Called by every codec; knows nothing of Tor.
/// All integers are big-endian, as everywhere in the Tor specifications.
@NullMarked
package sallyport.engine.bytes;

import org.jspecify.annotations.NullMarked;
