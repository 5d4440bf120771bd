/// What directory authorities agree on: votes as documents, and the consensus that follows from a set of
/// them. Pure values and functions, byte for byte as C tor 0.4.9.11 computes them. Called by the embedded
/// authorities of private networks, and by tests that check C tor's own authorities. Obeys dir-spec 3.4.1
/// and 3.8, and where they are silent C tor's dirvote.c.
@NullMarked
package sallyport.lab.vote;

import org.jspecify.annotations.NullMarked;
