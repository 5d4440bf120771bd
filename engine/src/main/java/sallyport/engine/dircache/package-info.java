/// The directory cache (DirCache=2): what clients fetch from relays of ours; one cache for all instances
/// of a process. Fed by `directory` with what it fetched and verified; its handlers are plugged into
/// `dirserver` by `instance`. Obeys dir-spec "Supported directory URLs" and "Consensus diff format", and
/// where they are silent C tor's dircache.c.
@NullMarked
package sallyport.engine.dircache;

import org.jspecify.annotations.NullMarked;
