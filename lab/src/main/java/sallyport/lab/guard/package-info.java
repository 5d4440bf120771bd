/// The entry guards of one client: a sample of the network's guards that lasts for months, those of it that have
/// worked, the few that are tried first, and what is known of who can be reached. Called by `path`, which asks for a
/// guard for each circuit, and by `client`, which tells how circuits fared and keeps the sample in a file. Pure: time
/// and chance are handed in, and relays are fingerprints. Obeys guard-spec, and entrynodes.c of C tor 0.4.9.11 where
/// that says more.
@NullMarked
package sallyport.lab.guard;

import org.jspecify.annotations.NullMarked;
