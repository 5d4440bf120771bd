/// Directory documents: reading consensuses, certificates and descriptors under limits, writing our own descriptor
/// lines, exit policies, and the index of known relays.
/// Called by `directory` and `descriptor`, which fetch and send them, and by every room that asks who is a relay.
/// Obeys dir-spec; nothing parsed here is believed before its `verify` (see [Unverified]).
@NullMarked
package sallyport.engine.netdoc;

import org.jspecify.annotations.NullMarked;
