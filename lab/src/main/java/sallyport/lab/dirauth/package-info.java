/// A directory authority that runs: an engine relay that serves directory requests as an authority, at its
/// ORPort and at a DirPort, and the clock by which it votes with the others (dir-spec 3 and 4). It acts on
/// what `roster`, `authority` and `sharedrandom` decide, and reaches the outside through its `World` alone.
/// For private networks only: it refuses to exist in any other. C tor's dirvote.c and dircache.c are the
/// measure, in their answers as well.
@NullMarked
package sallyport.lab.dirauth;

import org.jspecify.annotations.NullMarked;
