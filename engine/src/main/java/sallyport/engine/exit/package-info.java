/// The server side of a stream: connecting from the configured source address, reading and writing under backpressure,
/// closing, and naming what went wrong.
/// Called by `stream` alone; knows no cells, names or circuits.
/// Obeys tor-spec "Opening streams" where it speaks of TCP, and the errno table of "Closing streams".
@NullMarked
package sallyport.engine.exit;

import org.jspecify.annotations.NullMarked;
