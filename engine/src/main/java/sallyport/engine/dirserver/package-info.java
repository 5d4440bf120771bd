/// The server's side of a directory stream (BEGIN_DIR), or of a connection to a DirPort: one HTTP request
/// under limits, the handler that its path chooses, and the answer, streamed as fast as the client takes
/// it. `stream` opens conversations here; `dircache` and the onion-service directory plug in as
/// [DirRoute]. Obeys dir-spec "Standards compliance" and "Supported directory URLs" as C tor's dircache.c
/// reads them.
@NullMarked
package sallyport.engine.dirserver;

import org.jspecify.annotations.NullMarked;
