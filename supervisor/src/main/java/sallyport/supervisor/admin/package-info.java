/// The control socket: one JSON request a line, one answer a line, over a Unix-domain socket in the data directory; its
/// server in the running process, and its client behind the verbs of the command line.
/// Called by `launch`; asks the running relays through [Operations]. JSON is read and written by jackson-core.
/// Obeys no Tor section; the format is `docs/control.md`.
@NullMarked
package sallyport.supervisor.admin;

import org.jspecify.annotations.NullMarked;
