/// Which relay has which address and port: pools, the lock file, and the assignment that never moves a relay that
/// stays.
/// Called by `config`, which reads the wishes from the operator's file; pure: it touches no file and no network.
/// Obeys no Tor section; that few relays share an address is what authorities want (dir-spec,
/// `AuthDirMaxServersPerAddr`).
@NullMarked
package sallyport.supervisor.assignment;

import org.jspecify.annotations.NullMarked;
