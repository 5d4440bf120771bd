/// A client and a next hop of our own that send what no honest peer sends, and tell what came back. Called
/// by interop tests: the same rows run against a relay of ours and against C tor. Obeys tor-spec sections 2
/// to 7 and proposals 324 and 332, written a second time without a line of the engine's protocol code, so
/// that a misunderstanding of ours cannot hide on both sides of a link.
@NullMarked
package sallyport.lab.hostile;

import org.jspecify.annotations.NullMarked;
