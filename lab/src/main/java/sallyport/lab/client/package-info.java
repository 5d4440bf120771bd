/// A Tor client inside this process: streams through circuits that it keeps ready, for tests, for loads,
/// and behind a SOCKS port. It stands on the engine's own rooms, keeps nothing between runs, and hides
/// nothing that a person would need hidden: it is a tool of the lab, not one for anonymity. Called by
/// tests, load generators and verbs; a client lives on one event loop, and so do its streams' callbacks.
/// Obeys path-spec (with `path`) and tor-spec "Application connections and stream management".
@NullMarked
package sallyport.lab.client;

import org.jspecify.annotations.NullMarked;
