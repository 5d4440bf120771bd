/// The operator's file: HOCON to records without nulls or open defaults, and every problem in it at once.
/// Called by `launch` and `fleet`; reads the file and looks at the data directory, changes nothing.
/// Obeys no Tor section of its own; nicknames, addresses and policies follow tor(1) and dir-spec.
@NullMarked
package sallyport.supervisor.config;

import org.jspecify.annotations.NullMarked;
