/// How an authority of a private network finds out which relays run: it opens a link to each ORPort, in C
/// tor's rhythm, and tells the roster who answered. Called by whoever runs an authority; goes through the
/// engine's `origin.LinkProbes`. Obeys dir-spec 3.4.2 ("Running") and C tor's reachability.c.
@NullMarked
package sallyport.lab.reachability;

import org.jspecify.annotations.NullMarked;
