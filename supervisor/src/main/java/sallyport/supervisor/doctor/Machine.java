package sallyport.supervisor.doctor;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.budget.Proc;

/// What the doctor can see of a machine. Every answer is of the moment.
public interface Machine {
    /// The text of a small file such as those of `/proc`; empty when it is not there or cannot be read.
    Optional<String> text(Path file);

    /// Whether a program may use this address as its own.
    boolean has(InetAddress address);

    /// What the process of the relays may have: the running one where it runs, else one started from here.
    Limits limits();

    /// Files below this directory that are named secret, and that somebody else than their owner may read
    /// or write; none where there is no such directory.
    List<Path> secretsOpenToOthers(Path directory);

    /// What its clock says.
    Instant now();

    /// Whether a program runs that sets the clock; true also where that cannot be seen.
    boolean setsClock();

    /// When the file was changed last; empty when there is none.
    Optional<Instant> changed(Path file);

    /// When the newest identity of a relay or a family in this data directory was made; empty without any.
    Optional<Instant> newestIdentity(Path dataDirectory);

    /// What the last consensus says that the process of this data directory fetched.
    ListedRelays listed(Path dataDirectory);

    /// What lies in the data directory and is left beside it; empty where it cannot be seen.
    Optional<DiskUse> disk(Path dataDirectory);

    /// A kernel's setting, as `net.ipv4.tcp_timestamps`.
    default Optional<String> sysctl(String name) {
        return text(Proc.setting(name)).map(String::strip);
    }
}
