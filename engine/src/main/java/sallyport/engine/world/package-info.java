/// The outside: time, randomness, event loops, sockets, workers, control tasks, files and the log, behind one object.
/// Called by everyone who needs any of them; no other room reads a clock, draws a number, opens a socket or touches a
/// file.
/// Obeys no Tor section; the architecture page names its doors.
@NullMarked
package sallyport.engine.world;

import org.jspecify.annotations.NullMarked;
