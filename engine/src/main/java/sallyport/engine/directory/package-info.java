/// What the process knows of the network: the authorities, fetching their documents, verifying, keeping, and sending
/// them our descriptors.
/// Called by `descriptor` (upload), by `instance` and `host`, which hand the store's snapshots to every other room.
/// Obeys dir-spec sections 4 to 6; one fetcher and one store serve all instances of the process.
@NullMarked
package sallyport.engine.directory;

import org.jspecify.annotations.NullMarked;
